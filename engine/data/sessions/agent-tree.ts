import { chainsOf } from './chains.js';
import { type RecordedAgent, type RecordedChild, type RecordedRequest, turnsOf } from './recorded-session.js';

/** Agent as recorded, with the subagents that the record names. */
export interface NamedAgent {
  readonly name: string;
  readonly systemTokens: number;
  readonly requests: readonly RecordedRequest[];
  readonly startedAt: number;
  readonly children: readonly { readonly agent: NamedAgent; readonly at: number }[];
}

/** Overlap of two requests that is rounding, in milliseconds. */
const SLACK = 50;

/** Tree of an agent. Agents in one list are told apart; subagents without a turn before them are dropped. */
export function treeOf(
  named: NamedAgent,
  parent?: RecordedRequest,
): { readonly agent: RecordedAgent; readonly dropped: number } {
  const [own, ...others] = chainsOf(named.requests);
  const requests = own?.requests ?? [];
  const children: RecordedChild[] = [];
  let dropped = 0;
  const add = (make: (parent?: RecordedRequest) => RecordedAgent, at: number, until: number, mustFollow: boolean) => {
    const after = requests.findLastIndex((each) => each.at + each.took <= at + SLACK);
    if (after < 0 && mustFollow) {
      dropped += 1;
      return;
    }
    const joinedBy = requests.findIndex((each, index) => index > after && each.at + SLACK >= until);
    children.push({ agent: make(requests[after]), after, joinedBy: joinedBy < 0 ? undefined : joinedBy });
  };
  for (const chain of others) {
    const [first] = chain.requests;
    if (!first) continue;
    const name = nameOf(chain.requests, requests);
    const { systemTokens } = named;
    const make = (parent?: RecordedRequest) => {
      return { name, systemTokens, turns: turnsOf(chain.requests, startOf(parent, first.at), parent), children: [] };
    };
    add(make, first.at, endOf(chain.requests), false);
  }
  for (const { agent: child, at } of named.children) {
    if (child.requests.length === 0) continue;
    const make = (parent?: RecordedRequest) => {
      const tree = treeOf({ ...child, startedAt: startOf(parent, child.startedAt) }, parent);
      dropped += tree.dropped;
      return tree.agent;
    };
    add(make, at, endOfAgent(child), true);
  }
  children.sort((a, b) => a.after - b.after);
  const { name, systemTokens, startedAt } = named;
  return { agent: { name, systemTokens, turns: turnsOf(requests, startedAt, parent), children }, dropped };
}

/** Begin of a subagent's first gap: the end of its parent's turn. */
function startOf(parent: RecordedRequest | undefined, at: number): number {
  return parent ? Math.min(at, parent.at + parent.took) : at;
}

/** Kind of an agent that was recorded side by side with another. */
function nameOf(requests: readonly RecordedRequest[], main: readonly RecordedRequest[]): string {
  const [first] = requests;
  if (!first) return 'subagent';
  const isOther = first.model !== main[0]?.model;
  const isShort = requests.length === 1 && (isOther || first.inputTokens < AUXILIARY);
  if (isShort) return 'auxiliary';
  return requests.length === 1 && first.outputTokens * REDUCTION < first.inputTokens ? 'reduction' : 'subagent';
}

/** Most input of an auxiliary call; least ratio of a reduction. */
const [AUXILIARY, REDUCTION] = [8192, 50];

function endOf(requests: readonly RecordedRequest[]): number {
  return Math.max(0, ...requests.map(({ at, took }) => at + took));
}

function endOfAgent({ requests, children }: NamedAgent): number {
  return Math.max(endOf(requests), ...children.map(({ agent }) => endOfAgent(agent)));
}
