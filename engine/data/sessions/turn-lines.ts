import { type Refuse, show, tokens } from '../trace-fields.js';
import { type Piece, piecesOf, type RecordedRequest, type RecordedSession, turnsOf } from './recorded-session.js';

type Fields = Readonly<Record<string, unknown>>;

/** Row of a session, and the way to refuse it. */
interface TurnRow {
  readonly row: Fields;
  readonly refuse: Refuse;
}

/** Form of files with a line for each turn. */
export interface TurnForm {
  readonly name: string;
  /** True for a row of this form. */
  isOf(row: object): boolean;
  /** Session of a row. Where rows are linked, its id and its parent's. */
  linkOf(row: Fields, refuse: Refuse): TurnLink;
  /** Start of a session in milliseconds, by its first row. Undefined where that does not tell. */
  startOf(row: Fields, refuse: Refuse): number | undefined;
  /** Session of its rows, in order. */
  read(id: string, rows: readonly TurnRow[]): RecordedSession;
}

/** Place of a row in a session. */
export interface TurnLink {
  readonly session?: string;
  readonly own?: string;
  /** Undefined for the first turn of a session. */
  readonly parent?: string | undefined;
}

/** Tokens per hash of Mooncake's and of Qwen-Bailian's traces. */
const [MOONCAKE, BAILIAN] = [512, 16];

/** Mooncake's form as aiperf writes it. Later turns have a delay, and only what is new. */
const mooncake: TurnForm = {
  name: 'Mooncake with sessions',
  isOf: (row) => 'session_id' in row && 'input_length' in row,
  linkOf: ({ session_id: id }, refuse) => ({ session: idIn('session_id', id, refuse) }),
  startOf: ({ timestamp }, refuse) => (timestamp === undefined ? undefined : numberIn('timestamp', timestamp, refuse)),
  read(id, rows) {
    const requests: RecordedRequest[] = [];
    let [before, answered]: [readonly Piece[], number] = [[], 0];
    let startAt: number | undefined;
    for (const [turn, { row, refuse }] of rows.entries()) {
      const isFirst = turn === 0;
      const delay = isFirst ? 0 : numberIn('delay', row.delay ?? 0, refuse);
      if (isFirst) startAt = mooncake.startOf(row, refuse);
      const added = tokens('input_length', row.input_length, refuse);
      const outputTokens = Math.max(1, tokens('output_length', row.output_length, refuse));
      const hashes = hashesIn(row.hash_ids, added, MOONCAKE, refuse);
      const answer = answered > 0 ? [{ key: `${id} answer ${turn}`, tokens: answered }] : [];
      const pieces = [...before, ...answer, ...piecesOf(hashes, added, MOONCAKE, `${id} rest ${turn}`)];
      const inputTokens = pieces.reduce((sum, piece) => sum + piece.tokens, 0);
      if (inputTokens === 0) refuse('input_length: expected at least 1 token in the first turn');
      requests.push({
        ...{ at: (requests.at(-1)?.at ?? 0) + delay, took: 0, waited: delay, afterTool: delay < PERSON },
        ...{ inputTokens, outputTokens, pieces, model: undefined },
      });
      [before, answered] = [pieces, outputTokens];
    }
    return { ...sessionOf(id, startAt, requests), hasInstants: false };
  },
};

/** Least gap of a person, in milliseconds. For files that do not tell. */
const PERSON = 10_000;

/** Qwen-Bailian's form. Turns are linked by the id of their parent, and repeat the history. */
const bailian: TurnForm = {
  name: 'Qwen-Bailian',
  isOf: (row) => 'chat_id' in row && 'parent_chat_id' in row,
  linkOf({ chat_id: own, parent_chat_id: parent }, refuse) {
    const isRoot = parent === -1 || parent === null || parent === undefined;
    return {
      own: idIn('chat_id', own, refuse),
      parent: isRoot ? undefined : idIn('parent_chat_id', parent, refuse),
    };
  },
  startOf: ({ timestamp }, refuse) => 1000 * numberIn('timestamp', timestamp, refuse),
  read(id, rows) {
    const all = rows.map(({ row, refuse }) => ({
      row,
      refuse,
      time: 1000 * numberIn('timestamp', row.timestamp, refuse),
    }));
    const startAt = all[0]?.time ?? 0;
    const requests = all.map(({ row, refuse, time }, turn): RecordedRequest => {
      const inputTokens = tokens('input_length', row.input_length, refuse);
      if (inputTokens === 0) refuse('input_length: expected at least 1 token');
      const waited = time - (all[turn - 1]?.time ?? time);
      if (waited < 0) refuse(`timestamp: ${show(row.timestamp)} is before that of the turn before, a negative gap`);
      const hashes = hashesIn(row.hash_ids, inputTokens, BAILIAN, refuse);
      return {
        ...{ at: time - startAt, took: 0, waited, afterTool: waited < PERSON, inputTokens, model: undefined },
        outputTokens: Math.max(1, tokens('output_length', row.output_length, refuse)),
        pieces: piecesOf(hashes, inputTokens, BAILIAN, `${id} rest ${turn}`),
      };
    });
    return sessionOf(id, startAt, requests);
  },
};

/** Tokens of a piece of TraceLab's prompts, which have no hashes. */
const TRACELAB = 64;

/** TraceLab's form. A round has the tokens that its prompt shares with the one before. */
const tracelab: TurnForm = {
  name: 'TraceLab',
  isOf: (row) => 'round_index' in row && 'session_id' in row,
  linkOf: ({ session_id: id }, refuse) => ({ session: idIn('session_id', id, refuse) }),
  startOf: (row, refuse) => spanOf(row, refuse).from,
  read(id, rows) {
    const sorted = [...rows].sort((a, b) => Number(a.row.round_index) - Number(b.row.round_index));
    const requests: RecordedRequest[] = [];
    let startAt: number | undefined;
    for (const [round, { row, refuse }] of sorted.entries()) {
      const { from, to } = spanOf(row, refuse);
      startAt ??= from;
      const prefix = tokens('prefix_tokens', row.prefix_tokens, refuse);
      const added = tokens('newly_append_tokens', row.newly_append_tokens, refuse);
      const before = requests.at(-1);
      const kept = piecesWithin(before?.pieces ?? [], prefix);
      const keptTokens = kept.reduce((sum, piece) => sum + piece.tokens, 0);
      const inputTokens = Math.max(1, prefix + added);
      const own = `${id} ${round}`;
      const pieces = [...kept];
      for (let left = inputTokens - keptTokens, n = 0; left > 0; left -= TRACELAB, n += 1) {
        pieces.push({ key: `${own} ${n}`, tokens: Math.min(TRACELAB, left) });
      }
      requests.push({
        ...{ at: from - startAt, took: to - from, waited: undefined, inputTokens, pieces },
        afterTool: row.first_input_event_type === 'tool_result',
        outputTokens: Math.max(1, tokens('output_tokens', row.output_tokens, refuse)),
        model: typeof row.model === 'string' ? row.model : undefined,
      });
    }
    return sessionOf(id, startAt, requests);
  },
};

/** Forms with a line for each turn. */
export const TURN_FORMS: readonly TurnForm[] = [tracelab, mooncake, bailian];

/** Leading pieces of at most `most` tokens. */
function piecesWithin(pieces: readonly Piece[], most: number): Piece[] {
  let sum = 0;
  const end = pieces.findIndex((piece) => {
    sum += piece.tokens;
    return sum > most;
  });
  return pieces.slice(0, end < 0 ? pieces.length : end);
}

/** Last input and last output of a round, in milliseconds. */
function spanOf({ timing_events: events }: Fields, refuse: Refuse): { readonly from: number; readonly to: number } {
  let [from, to]: [number | undefined, number | undefined] = [undefined, undefined];
  for (const event of Array.isArray(events) ? (events as Fields[]) : []) {
    const at = Date.parse(String(event.timestamp ?? event.time ?? event.at));
    const type = String(event.type ?? event.event_type);
    if (Number.isNaN(at)) continue;
    if (/^(user_message|tool_result)$/.test(type)) from = Math.max(from ?? at, at);
    else to = Math.max(to ?? at, at);
  }
  const begin = from ?? to;
  if (begin === undefined) return refuse(`timing_events: expected events with times, got ${show(events)}`);
  return { from: begin, to: Math.max(begin, to ?? begin) };
}

function sessionOf(id: string, startAt: number | undefined, requests: readonly RecordedRequest[]): RecordedSession {
  const turns = turnsOf(requests, requests[0]?.at ?? 0);
  return {
    id,
    startAt,
    hasInstants: true,
    root: { name: 'session', systemTokens: 0, turns, children: [] },
    dropped: 0,
  };
}

function hashesIn(value: unknown, inputTokens: number, block: number, refuse: Refuse): readonly number[] {
  if (value === undefined) return [];
  const areIds = Array.isArray(value) && value.every((id) => Number.isSafeInteger(id));
  if (!areIds) return refuse(`hash_ids: expected a list of whole numbers, got ${show(value)}`);
  const least = Math.floor(inputTokens / block);
  if (value.length >= least || value.length === 0) return value as number[];
  return refuse(
    `hash_ids: expected ${least} hashes or more for ${inputTokens} tokens in blocks of ${block}, got ${value.length}`,
  );
}

function numberIn(name: string, value: unknown, refuse: Refuse): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  return refuse(`${name}: expected a number from 0 up, got ${show(value)}`);
}

function idIn(name: string, value: unknown, refuse: Refuse): string {
  if ((typeof value === 'string' && value !== '') || typeof value === 'number') return String(value);
  return refuse(`${name}: expected a name or number, got ${show(value)}`);
}
