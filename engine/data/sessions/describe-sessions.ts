import { agentsOf, type RecordedAgent, type RecordedSession } from './recorded-session.js';
import { openSessions, readSession } from './session-index.js';

/** Values of a quantity over sessions or turns. */
export interface Spread {
  readonly count: number;
  readonly mean: number;
  readonly min: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** Description of a file of recorded sessions. Times in seconds. */
export interface SessionsDescription {
  readonly file: string;
  readonly form: string;
  readonly sessions: number;
  readonly agents: number;
  readonly turns: number;
  /** Subagents without a turn before them, which are not played. */
  readonly dropped: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly models: readonly string[];
  readonly perSession: {
    readonly turns: Spread;
    readonly agents: Spread;
    readonly seconds: Spread;
    readonly depth: Spread;
  };
  readonly perTurn: {
    readonly input: Spread;
    readonly added: Spread;
    readonly output: Spread;
    /** Gaps before the result of a tool, and others. */
    readonly toolGap: Spread;
    readonly otherGap: Spread;
  };
  /** Shares of the input tokens that an endless cache would have. */
  readonly reuse: { readonly ownSession: number; readonly allSessions: number };
  /** Sessions at work over time; absent where the file has no starts. */
  readonly concurrency?: readonly { readonly at: number; readonly sessions: number }[];
}

/** Describes a file or folder of sessions. Reads all of them, and throws a UserError for a wrong one. */
export function describeSessions(path: string): SessionsDescription {
  const index = openSessions(path);
  const sums = new Sums();
  for (let session = 0; session < index.size; session += 1) sums.add(readSession(index, session));
  return sums.description(path, index.form);
}

class Sums {
  readonly #turns: number[] = [];
  readonly #agents: number[] = [];
  readonly #seconds: number[] = [];
  readonly #depth: number[] = [];
  readonly #input: number[] = [];
  readonly #added: number[] = [];
  readonly #output: number[] = [];
  readonly #toolGaps: number[] = [];
  readonly #otherGaps: number[] = [];
  readonly #spans: (readonly [from: number, to: number])[] = [];
  readonly #models = new Set<string>();
  readonly #cache = new Set<number>();
  #dropped = 0;
  #kept = 0;
  #cached = 0;

  add(session: RecordedSession): void {
    const agents = agentsOf(session.root);
    const turns = agents.flatMap((agent) => agent.turns);
    const seconds = Math.max(...turns.map(({ at, took }) => at + took)) / 1000;
    this.#turns.push(turns.length);
    this.#agents.push(agents.length);
    this.#seconds.push(seconds);
    this.#depth.push(Math.max(...turns.map(({ inputTokens, outputTokens }) => inputTokens + outputTokens)));
    this.#dropped += session.dropped;
    if (session.startAt !== undefined) this.#spans.push([session.startAt / 1000, session.startAt / 1000 + seconds]);
    this.#addAgent(session.root, []);
  }

  /** Adds an agent's turns; `before` are the hashes of its parent's prompt. */
  #addAgent({ turns, children }: RecordedAgent, before: readonly number[]): void {
    let hashes = before;
    for (const [turn, { kept, pieces, inputTokens, outputTokens, gap, afterTool, model }] of turns.entries()) {
      const added = pieces.reduce((sum, { tokens }) => sum + tokens, 0);
      if (model !== undefined) this.#models.add(model);
      this.#input.push(inputTokens);
      this.#added.push(added);
      this.#output.push(outputTokens);
      if (turn > 0) (afterTool ? this.#toolGaps : this.#otherGaps).push(gap / 1000);
      const own = hashes.slice(0, kept);
      let known = inputTokens - added;
      this.#kept += known;
      let isKnown = true;
      for (const { key, tokens } of pieces) {
        const hash = chained(own.at(-1) ?? 0, `${key}/${tokens}`);
        isKnown &&= this.#cache.has(hash);
        if (isKnown) known += tokens;
        this.#cache.add(hash);
        own.push(hash);
      }
      this.#cached += known;
      hashes = own;
      for (const child of children) if (child.after === turn) this.#addAgent(child.agent, hashes);
    }
    for (const child of children) if (child.after < 0) this.#addAgent(child.agent, []);
  }

  description(file: string, form: string): SessionsDescription {
    const inputTokens = sumOf(this.#input);
    return {
      ...{ file, form, sessions: this.#turns.length, agents: sumOf(this.#agents), turns: this.#input.length },
      ...{ dropped: this.#dropped, inputTokens, outputTokens: sumOf(this.#output), models: [...this.#models].sort() },
      perSession: {
        turns: spreadOf(this.#turns),
        agents: spreadOf(this.#agents),
        seconds: spreadOf(this.#seconds),
        depth: spreadOf(this.#depth),
      },
      perTurn: {
        input: spreadOf(this.#input),
        added: spreadOf(this.#added),
        output: spreadOf(this.#output),
        toolGap: spreadOf(this.#toolGaps),
        otherGap: spreadOf(this.#otherGaps),
      },
      reuse: { ownSession: this.#kept / inputTokens, allSessions: this.#cached / inputTokens },
      ...(this.#spans.length > 1 && { concurrency: concurrencyOf(this.#spans) }),
    };
  }
}

/** Hash of a prompt up to a piece, in 53 bits. */
function chained(before: number, key: string): number {
  let low = (before | 0) ^ 0x811c9dc5;
  let high = Math.floor(before / 2 ** 32) ^ 0x9e3779b9;
  for (let i = 0; i < key.length; i += 1) {
    const unit = key.charCodeAt(i);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high + unit, 0x85ebca6b) ^ (high >>> 13);
  }
  return (high & 0x1f_ffff) * 2 ** 32 + (low >>> 0);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = Float64Array.from(values).sort();
  const count = sorted.length;
  const at = (share: number) => sorted[Math.min(count - 1, Math.ceil(share * count) - 1)] ?? 0;
  return {
    ...{ count, mean: count === 0 ? 0 : sumOf(values) / count, min: sorted[0] ?? 0 },
    ...{ p50: at(0.5), p90: at(0.9), p99: at(0.99), max: sorted[count - 1] ?? 0 },
  };
}

/** Points of a curve over time. */
const POINTS = 120;

function concurrencyOf(spans: readonly (readonly [from: number, to: number])[]) {
  const begin = Math.min(...spans.map(([from]) => from));
  const end = Math.max(...spans.map(([, to]) => to));
  return Array.from({ length: POINTS + 1 }, (_, point) => {
    const at = ((end - begin) * point) / POINTS;
    const sessions = spans.filter(([from, to]) => from <= begin + at && begin + at <= to).length;
    return { at, sessions };
  });
}
