import { randomUUID } from 'node:crypto';
import type { Answer } from '../../api/answer.js';
import type { Session, SessionOptions } from '../../api/session.js';
import type { Target } from '../../client/target.js';
import type { CallRoute } from '../llm-call.js';
import { recordScriptError } from '../script-error.js';
import { Interrupted, TestAborted, type VuState } from '../vu-state.js';
import { Agent, type AgentTree, ContextOverflow } from './agent.js';
import type { Joinable } from './joinable.js';
import { recordCensored, recordEnd, recordSession, recordStart, recordTurn } from './session-recorder.js';

/** Session with all of its agents, from start to end. */
export class SessionTree implements AgentTree {
  readonly vu: VuState;
  readonly name: string;
  readonly root: Agent;
  /** Longest duration of a good session, in milliseconds. */
  readonly slo: number | undefined;
  readonly isWhole: boolean;
  agents = 0;
  turns = 0;
  inputTokens = 0;
  outputTokens = 0;
  /** Tokens of the longest turn, prompt and answer. */
  depth = 0;
  hasFailed = false;
  readonly #children: Joinable<unknown>[] = [];
  readonly #errors = new Map<Joinable<unknown>, unknown>();
  #running = 0;
  #onIdle: (() => void) | undefined;
  #target: Target | undefined;
  #isOver = false;

  /** `whole` is false for one joined in its middle. It is in no figure of sessions. */
  constructor(
    vu: VuState,
    name: string,
    { slo: _, ...options }: SessionOptions,
    slo: number | undefined,
    whole = true,
  ) {
    this.isWhole = whole;
    this.vu = vu;
    this.name = name;
    this.slo = slo;
    this.root = new Agent(this, name, randomUUID(), options);
  }

  now(): number {
    return this.vu.thread.clock.now();
  }

  /** Server and headers of an agent's next request. The server is always the same where sessions stick. */
  routeOf({ id }: Pick<Agent, 'id'>): CallRoute {
    const { sessions, nextTarget } = this.vu.thread;
    const { sticky, header } = sessions;
    const target = sticky ? (this.#target ?? nextTarget()) : nextTarget();
    this.#target = target;
    return { target, headers: header ? { [header]: id } : undefined };
  }

  /** Runs the session until its whole tree has ended, and records it. */
  async play<Result>(run: (s: Session) => Result | Promise<Result>): Promise<Result | undefined> {
    const { signal } = this.vu;
    recordStart(this);
    const onAbort = () => this.#end(() => recordCensored(this, this.now()));
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const result = await this.live(this.root, run);
      await this.#idle();
      this.#throwUnjoined();
      return result;
    } catch (error) {
      this.hasFailed = true;
      if (error instanceof Interrupted || error instanceof TestAborted) onAbort();
      else await this.#idle();
      throw error;
    } finally {
      signal?.removeEventListener('abort', onAbort);
      this.#end(() => recordSession(this, this.now()));
    }
  }

  async live<Result>(agent: Agent, run: (s: Session) => Result | Promise<Result>): Promise<Result | undefined> {
    try {
      return await run(agent);
    } catch (error) {
      if (error instanceof ContextOverflow && error.agent === agent) return undefined;
      throw error;
    } finally {
      agent.to = this.now();
    }
  }

  addChild(child: Joinable<unknown>): void {
    this.#children.push(child);
    this.#running += 1;
    Promise.prototype.then
      .call(child, undefined, (error: unknown) => this.#errors.set(child, error))
      .then(() => {
        this.#running -= 1;
        if (this.#running === 0) this.#onIdle?.();
      });
  }

  countTurn(answer: Answer, known: number, turn: number): void {
    this.turns += 1;
    if (!answer.ok) this.hasFailed = true;
    this.inputTokens += answer.inputTokens ?? 0;
    this.outputTokens += answer.outputTokens;
    this.depth = Math.max(this.depth, (answer.inputTokens ?? 0) + answer.outputTokens);
    recordTurn(this, answer, known, turn);
  }

  /** Resolves when no subagent is at work. */
  async #idle(): Promise<void> {
    while (this.#running > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    }
  }

  /** Throws the error of a subagent that nothing has waited for. Further ones are recorded. */
  #throwUnjoined(): void {
    const [first, ...others] = this.#children.filter((child) => !child.isJoined && this.#errors.has(child));
    for (const child of others) recordScriptError(this.vu.thread, this.vu.scenario, this.#errors.get(child));
    if (first) throw this.#errors.get(first);
  }

  #end(record: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    recordEnd(this);
    record();
  }
}
