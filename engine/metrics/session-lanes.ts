/** Kinds of spans, in the order of their numbers. */
export const SPAN_KINDS = ['model', 'tools', 'thinking'] as const;

/** Agent of a session, as it was over time. */
export interface AgentLane {
  readonly name: string;
  /** Place of the agent that started it. Absent for the session's own. */
  readonly parent?: number;
  /** Its life, in milliseconds since the load started. */
  readonly from: number;
  readonly to: number;
  /** Three numbers a span: kind, start since `from`, length. In milliseconds. */
  readonly spans: readonly number[];
}

/** Session over time: its own agent and then its subagents. */
export interface SessionLane {
  readonly user: number;
  readonly name: string;
  readonly outcome: 'ended' | 'failed' | 'cut off';
  readonly agents: readonly AgentLane[];
}

/** Sessions of a record over time. Those of its first users, as many as it has room for. */
export interface SwimLanes {
  /** Users whose sessions are all kept, and users with sessions. */
  readonly users: number;
  readonly of: number;
  readonly sessions: readonly SessionLane[];
}

/** Most spans of a record: some 600 kB. */
const MOST_SPANS = 50_000;

/** Keeps the sessions of the first users over time, within a bound. */
export class LaneBook {
  readonly #most: number;
  readonly #byUser = new Map<number, SessionLane[]>();
  readonly #seen = new Set<number>();
  #spans = 0;
  /** Last user with room. */
  #last = Number.POSITIVE_INFINITY;

  constructor(most = MOST_SPANS) {
    this.#most = most;
  }

  /** Adds a session. Where there is no room for it, the last users leave. */
  add(lane: SessionLane): void {
    const { user } = lane;
    this.#seen.add(user);
    if (user > this.#last) return;
    const own = this.#byUser.get(user) ?? [];
    own.push(lane);
    this.#byUser.set(user, own);
    this.#spans += spansOf(lane);
    while (this.#spans > this.#most && this.#byUser.size > 0) {
      const last = Math.max(...this.#byUser.keys());
      for (const each of this.#byUser.get(last) ?? []) this.#spans -= spansOf(each);
      this.#byUser.delete(last);
      this.#last = last - 1;
    }
  }

  /** Sessions that are kept. Undefined where there were none. */
  get lanes(): SwimLanes | undefined {
    if (this.#seen.size === 0) return undefined;
    const users = [...this.#byUser].sort(([a], [b]) => a - b);
    return { users: users.length, of: this.#seen.size, sessions: users.flatMap(([, sessions]) => sessions) };
  }
}

/** Spans of a session. A life without any is one. */
function spansOf({ agents }: SessionLane): number {
  return agents.reduce((sum, { spans }) => sum + 1 + spans.length / 3, 0);
}
