import type { RecordedRequest } from './recorded-session.js';

/** Requests of one agent among those of a session. */
export interface Chain {
  readonly requests: readonly RecordedRequest[];
  /** Request with whose prompt it begins. Undefined for a new context. */
  readonly forkedFrom: { readonly chain: number; readonly index: number } | undefined;
}

/** Chain that may still go on. */
interface OpenChain {
  readonly requests: RecordedRequest[];
  readonly forkedFrom: Chain['forkedFrom'];
}

/**
 * Tells agents apart that were recorded as plain requests of one session. A request whose prompt begins with all of
 * another's, starts after that one has ended, and has the same model is its next turn. One that keeps only a beginning is
 * the same agent after compaction where the longer prompt never comes back, else an agent that forked there.
 */
export function chainsOf(requests: readonly RecordedRequest[]): readonly Chain[] {
  const chains: OpenChain[] = [];
  const returns = returningPrompts(requests);
  for (const [index, request] of requests.entries()) {
    const found = nextOf(chains, request, (chain) => returns(chain, index));
    if (found !== undefined) chains[found]?.requests.push(request);
    else chains.push({ requests: [request], forkedFrom: forkOf(chains, request) });
  }
  return chains;
}

/** Chain that a request goes on with. It shares most of that one's prompt. */
function nextOf(
  chains: readonly OpenChain[],
  request: RecordedRequest,
  comesBack: (chain: OpenChain) => boolean,
): number | undefined {
  let best: { readonly chain: number; readonly shared: number } | undefined;
  for (const [index, chain] of chains.entries()) {
    const last = chain.requests.at(-1);
    if (!last || last.model !== request.model || last.at + last.took > request.at + SLACK) continue;
    const shared = sharedOf(last, request);
    const goesOn = shared >= whole(last);
    const isCompacted = shared > 0 && shared * 2 >= Math.min(whole(last), whole(request)) && !comesBack(chain);
    if ((goesOn || isCompacted) && shared > (best?.shared ?? 0)) best = { chain: index, shared };
  }
  // A single agent whose prompt shares nothing is still the same where nothing else is at work.
  return best?.chain;
}

/** True for a chain whose latest prompt begins a later request. */
function returningPrompts(requests: readonly RecordedRequest[]): (chain: OpenChain, from: number) => boolean {
  return (chain, from) => {
    const last = chain.requests.at(-1);
    if (!last) return false;
    const end = last.pieces[whole(last) - 1]?.key;
    return requests.slice(from + 1).some((later) => {
      return later.pieces[whole(last) - 1]?.key === end && sharedOf(last, later) >= whole(last);
    });
  };
}

function forkOf(chains: readonly OpenChain[], request: RecordedRequest): Chain['forkedFrom'] {
  for (const [chain, { requests }] of chains.entries()) {
    const index = requests.findLastIndex((each) => sharedOf(each, request) >= whole(each) && whole(each) > 0);
    if (index >= 0) return { chain, index };
  }
  return undefined;
}

/** Whole blocks of a prompt. A cut one has another hash in the next prompt. */
function whole({ pieces }: RecordedRequest): number {
  const [first] = pieces;
  const isCut = pieces.length > 1 && (pieces.at(-1)?.tokens ?? 0) < (first?.tokens ?? 0);
  return pieces.length - (isCut ? 1 : 0);
}

function sharedOf(a: RecordedRequest, b: RecordedRequest): number {
  const most = Math.min(a.pieces.length, b.pieces.length);
  let shared = 0;
  for (; shared < most; shared += 1) {
    const one = a.pieces[shared];
    const two = b.pieces[shared];
    if (one !== two && one?.key !== two?.key) break;
  }
  return shared;
}

/** Overlap of two requests that is rounding, in milliseconds. */
const SLACK = 50;
