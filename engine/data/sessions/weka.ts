import { combineSeeds } from '../../random.js';
import { type Refuse, show, tokens } from '../trace-fields.js';
import { type NamedAgent, treeOf } from './agent-tree.js';
import { commonPieces, type Piece, type RecordedRequest, type RecordedSession } from './recorded-session.js';

type Fields = Readonly<Record<string, unknown>>;

/** Origin of the times in a subagent: its marker, or the session. */
export type SubagentClock = 'marker' | 'session';

/** True for a session of kv-cache-tester, as AgentX replays them. */
export function isWeka(row: object): boolean {
  return 'requests' in row && 'block_size' in row;
}

/**
 * Clock of a session's subagents. Undefined where it does not tell. Requests before their own marker count from it;
 * none is before it where all count from the session's start.
 */
export function clockIn({ requests }: Fields): SubagentClock | undefined {
  let seen = 0;
  for (const entry of listOf(requests)) {
    if (entry.type !== 'subagent') continue;
    const times = listOf(entry.requests).flatMap(({ t }) => (typeof t === 'number' ? [t] : []));
    if (typeof entry.t !== 'number' || entry.t <= 1 || times.length === 0) continue;
    if (Math.min(...times) < entry.t - 1e-3) return 'marker';
    seen += 1;
  }
  return seen > 0 ? 'session' : undefined;
}

/** Reads a session. Refuses what cannot be one, with the place in it. */
export function readWeka(row: Fields, clock: SubagentClock, fallback: string, refuse: Refuse): RecordedSession {
  const id = typeof row.id === 'string' && row.id !== '' ? row.id : fallback;
  const blockTokens = tokens('block_size', row.block_size, refuse);
  if (blockTokens < 1) refuse(`block_size: expected at least 1 token, got ${blockTokens}`);
  const scope = row.hash_id_scope === 'global' ? '' : `${id} `;
  const reader = new AgentReader(blockTokens, scope, clock, refuse);
  const named = reader.read('session', row, 0, 'requests');
  if (named.requests.length === 0) refuse('requests: expected at least one request of type "n" or "s"');
  const systemTokens = named.systemTokens || sharedByAgents(named);
  const { agent, dropped } = treeOf({ ...named, systemTokens });
  return { id, startAt: undefined, hasInstants: true, root: agent, dropped };
}

/** Tokens that the first prompts of all agents of a session share. */
function sharedByAgents({ requests, children }: NamedAgent): number {
  const [first] = requests;
  if (!first || children.length === 0) return 0;
  const shared = children.flatMap(({ agent }) => {
    const [request] = agent.requests;
    return request ? [commonPieces(first.pieces, request.pieces)] : [];
  });
  return first.pieces.slice(0, Math.min(...shared)).reduce((sum, piece) => sum + piece.tokens, 0);
}

/** Hashes of one session that fit beside its seed into 53 bits. */
const OWN_IDS = 2 ** 21;

class AgentReader {
  readonly #blockTokens: number;
  readonly #scope: string;
  readonly #seed: number;
  readonly #blocks = new Map<number, Piece>();
  readonly #clock: SubagentClock;
  readonly #refuse: Refuse;

  constructor(blockTokens: number, scope: string, clock: SubagentClock, refuse: Refuse) {
    this.#blockTokens = blockTokens;
    this.#scope = scope;
    this.#seed = combineSeeds(scope);
    this.#clock = clock;
    this.#refuse = refuse;
  }

  /** Reads an agent. Its times count from `origin`, in milliseconds since the session began. */
  read(name: string, row: Fields, origin: number, where: string): NamedAgent {
    if (!Array.isArray(row.requests)) this.#refuse(`${where}: expected a list, got ${show(row.requests)}`);
    const requests: RecordedRequest[] = [];
    const children: NamedAgent['children'][number][] = [];
    let stop: unknown;
    for (const [index, entry] of listOf(row.requests).entries()) {
      const place = `${where}[${index}]`;
      const at = origin + 1000 * this.#number(`${place}.t`, entry.t);
      if (entry.type === 'subagent') {
        const called =
          typeof entry.subagent_type === 'string' && entry.subagent_type ? entry.subagent_type : 'subagent';
        const from = this.#clock === 'marker' ? at : 0;
        children.push({ agent: this.read(called, entry, from, `${place}.requests`), at });
      } else {
        requests.push(this.#request(entry, at, place, stop));
        stop = entry.stop;
      }
    }
    requests.sort((a, b) => a.at - b.at);
    const systemTokens = Number(row.tool_tokens ?? 0) + Number(row.system_tokens ?? 0);
    return { name, systemTokens, requests, startedAt: requests[0]?.at ?? origin, children };
  }

  #request(entry: Fields, at: number, place: string, stopBefore: unknown): RecordedRequest {
    const no = this.#refuse;
    const inputTokens = tokens(`${place}.in`, entry.in, no);
    const outputTokens = tokens(`${place}.out`, entry.out, no);
    if (inputTokens === 0) no(`${place}.in: expected at least 1 token`);
    const hashes = Array.isArray(entry.hash_ids) ? (entry.hash_ids as unknown[]) : [];
    if (!hashes.every((id) => Number.isSafeInteger(id))) {
      no(`${place}.hash_ids: expected a list of whole numbers, got ${show(entry.hash_ids)}`);
    }
    const least = Math.floor(inputTokens / this.#blockTokens);
    if (hashes.length > 0 && hashes.length < least) {
      no(
        `${place}.hash_ids: expected ${least} hashes or more for ${inputTokens} tokens in blocks of ` +
          `${this.#blockTokens}, got ${hashes.length}`,
      );
    }
    const types = Array.isArray(entry.input_types) ? (entry.input_types as unknown[]) : undefined;
    const waited =
      entry.think_time === undefined ? undefined : 1000 * this.#number(`${place}.think_time`, entry.think_time);
    return {
      at,
      took: entry.api_time === undefined ? 0 : 1000 * this.#number(`${place}.api_time`, entry.api_time),
      waited,
      afterTool: types ? types.includes('tool_result') : stopBefore === 'tool_use',
      inputTokens,
      outputTokens: Math.max(1, outputTokens),
      pieces: this.#piecesOf(hashes as number[], inputTokens, place),
      model: typeof entry.model === 'string' ? entry.model : undefined,
    };
  }

  /** Pieces of a prompt. A whole block is one object in all prompts of the session: there are many. */
  #piecesOf(hashes: readonly number[], inputTokens: number, place: string): Piece[] {
    const pieces: Piece[] = [];
    let left = inputTokens;
    for (const id of hashes) {
      if (left <= 0) break;
      pieces.push(left >= this.#blockTokens ? this.#blockOf(id) : { key: this.#keyOf(id), tokens: left });
      left -= this.#blockTokens;
    }
    if (left > 0) pieces.push({ key: `${this.#scope}rest ${place}`, tokens: left });
    return pieces;
  }

  #blockOf(id: number): Piece {
    const known = this.#blocks.get(id) ?? { key: this.#keyOf(id), tokens: this.#blockTokens };
    this.#blocks.set(id, known);
    return known;
  }

  /** Key of a hash. Within a session a number that no other session has. */
  #keyOf(id: number): number | string {
    if (this.#scope === '') return id;
    return id >= 0 && id < OWN_IDS ? this.#seed * OWN_IDS + id : `${this.#scope}${id}`;
  }

  #number(where: string, value: unknown): number {
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
    return this.#refuse(`${where}: expected a number of seconds from 0 up, got ${show(value)}`);
  }
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter((each): each is Fields => typeof each === 'object' && each !== null) : [];
}
