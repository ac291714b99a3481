import type { Api } from '../api/index.js';
import { CookieJar } from '../client/http/cookie-jar.js';
import { OriginConnections } from '../client/transport/origin-connections.js';
import { sleep } from '../clock.js';
import { UserError } from '../errors.js';
import { combineSeeds, lazyRandom, randomSource } from '../random.js';
import { withGroup } from './api/group.js';
import { bindApi } from './api/index.js';
import { endOf, type IterationEnd, recordIteration } from './iteration-end.js';
import { recordStart } from './iteration-lateness.js';
import type { K6 } from './k6/index.js';
import { loadedK6 } from './k6/load.js';
import { PendingCalls, recordOutlived, settling } from './pending-calls.js';
import { recordScriptError } from './script-error.js';
import { INSTANCE, type Thread } from './thread-context.js';
import { Interrupted, type VuPlan, type VuState } from './vu-state.js';

/** Exports of one evaluation of the scenario file. */
export type ScriptExports = Readonly<Record<string, unknown>>;

/** Evaluates the scenario for one VU; see script/evaluate. */
export type Evaluate = (
  api: Api,
  globals: {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly vu: number;
    readonly iter: number;
    readonly open: Api['open'];
    readonly k6: K6 | undefined;
  },
) => ScriptExports;

/** First pause after an iteration that reached no server, in milliseconds. */
const FIRST_BACKOFF = 50;

/** Hooks of each VU, before its first and after its last iteration. */
export type VuHook = 'vuSetup' | 'vuTeardown';

/** Iteration for a VU to run. */
export interface Turn {
  readonly iterationInTest: number;
  /** Scheduled start. Undefined where it follows the VU's previous iteration. */
  readonly dueAt: number | undefined;
}

const NEVER = new Promise<never>(() => undefined);

/** Virtual user: its own evaluation of the scenario, API and sockets. */
export class Vu {
  readonly exports: ScriptExports;
  readonly #state: VuState;
  readonly #globals: Parameters<Evaluate>[1] & { iter: number };
  readonly #connections: OriginConnections;
  readonly #httpConnections: OriginConnections;
  #stopping = new AbortController();
  /** Rejects the running iteration. */
  #interrupt: ((reason: Error) => void) | undefined;
  /** Iterations in a row of which no request reached a server. */
  #lost = 0;
  /** Data of `setup` that a user of a k6 script keeps. */
  #data: { readonly value: unknown } | undefined;
  /** Return value of `vuSetup`. */
  #mine: unknown;

  /**
   * Evaluates the scenario file for this VU. Throws the errors of its top level. Without a plan it has no iterations.
   */
  constructor(thread: Thread, evaluate: Evaluate, id: number, plan: VuPlan | undefined, scenario = plan?.name ?? '') {
    this.#connections = new OriginConnections(thread.transport, thread.clock);
    this.#httpConnections = new OriginConnections(thread.transport, thread.clock);
    const parts = thread.isK6 ? loadedK6() : undefined;
    const state: VuState = {
      thread,
      id,
      plan,
      scenario,
      tags: withGroup({ ...thread.tags, ...plan?.tags }, plan || !scenario ? '' : `::${scenario}`),
      random: randomSource(combineSeeds(thread.seed, id)),
      isSeeded: false,
      connections: (origin) => this.#connections.to(origin),
      httpConnections: (origin) => this.#httpConnections.to(origin),
      cookies: parts ? new parts.K6CookieJar() : new CookieJar(),
      stage: 'init',
      hasAborted: false,
      signal: undefined,
      lateness: 0,
      reached: undefined,
      iteration: 0,
      enter: () => thread.onEntry(id, state.iteration),
      pending: new PendingCalls(),
      iterationInTest: undefined,
    };
    this.#state = state;
    const api = bindApi(state);
    const env = plan ? { ...thread.env, ...plan.env } : thread.env;
    const k6 = parts?.k6For(state, api);
    this.#globals = { env, vu: id, iter: 0, open: api.open, k6 };
    thread.onEntry(id, -1);
    this.exports = evaluate(api, this.#globals);
    state.stage = plan ? 'running' : 'hook';
    if (plan) Atomics.add(thread.instance, INSTANCE.vusInitialized, 1);
  }

  /** Calls an exported function; `signal` interrupts its waits. */
  async call(name: string, signal: AbortSignal | undefined, ...values: readonly unknown[]): Promise<unknown> {
    return await this.#enterScript(name, signal, values);
  }

  #enterScript(name: string, signal: AbortSignal | undefined, values: readonly unknown[]): unknown {
    const { thread, id, iteration } = this.#state;
    this.#state.signal = signal;
    thread.onEntry(id, iteration);
    const exported = this.exports[name];
    if (typeof exported !== 'function') throw new TypeError(`the scenario exports no function called ${name}`);
    const returned: unknown = exported(...values);
    return thread.isK6 ? settling(returned, this.#state.pending) : returned;
  }

  /** True where the scenario exports the hook. */
  hasHook(name: VuHook): boolean {
    return typeof this.exports[name] === 'function';
  }

  /** Runs a hook. Iterations and `vuTeardown` get the return value of `vuSetup`. */
  async runHook(name: VuHook, signal: AbortSignal | undefined, data: unknown): Promise<void> {
    const state = this.#state;
    state.stage = 'hook';
    try {
      const result = await this.call(name, signal, data, ...(name === 'vuTeardown' ? [this.#mine] : []));
      if (name === 'vuSetup') this.#mine = result;
    } finally {
      state.stage = 'running';
    }
  }

  /** Calls the iteration's function. */
  callIteration(signal: AbortSignal | undefined, data: unknown): unknown {
    return this.#enterScript(this.#state.plan?.exec ?? 'default', signal, [data, this.#mine]);
  }

  /** Enters an iteration: its random numbers and rows. They depend on its number alone, not on the VU or worker. */
  enter(iterationInTest: number): void {
    const state = this.#state;
    state.iterationInTest = iterationInTest;
    if (state.pending.left > 0) state.pending = new PendingCalls();
    if (!state.isSeeded) state.random = lazyRandom(state.thread.seed, state.scenario, iterationInTest);
    this.#globals.iter = state.iteration;
  }

  /** Runs one iteration and records it. Never rejects. `data` returns a fresh copy of what `setup` returned. */
  async iterate({ iterationInTest, dueAt }: Turn, data: () => unknown): Promise<IterationEnd> {
    const state = this.#state;
    const { thread } = state;
    // Reused until aborted: creating it is a good part of the cost of a short iteration.
    if (this.#stopping.signal.aborted) this.#stopping = new AbortController();
    const { signal } = this.#stopping;
    this.enter(iterationInTest);
    if (!thread.http.noCookiesReset) state.cookies.reset();
    const startedAt = thread.clock.now();
    state.reached = undefined;
    this.#recordStart(startedAt, dueAt);
    let end: IterationEnd = 'complete';
    let thrown: unknown;
    try {
      await new Promise<unknown>((resolve, reject) => {
        this.#interrupt = reject;
        // Nothing starts in this user between its abort and the end of the test.
        const result = state.hasAborted ? NEVER : this.callIteration(signal, this.#copyOf(data));
        if (result instanceof Promise) result.then(resolve, reject);
        else resolve(result);
      });
    } catch (error) {
      end = endOf(error, state);
      thrown = error;
    }
    const endedAt = thread.clock.now();
    const pending = end === 'interrupted' || state.pending.left === 0 ? undefined : await this.leftPending(end);
    if (pending) recordOutlived(thread, state.scenario, pending, startedAt);
    if (end === 'failed') this.#recordError(thrown);
    state.iteration += 1;
    recordIteration(state, end, startedAt, endedAt);
    const rest = Math.max(startedAt + thread.minIterationDuration - thread.clock.now(), this.#backoff());
    if (rest > 0) await sleep(thread.clock, rest, signal).catch(() => undefined);
    this.#interrupt = undefined;
    return end;
  }

  /** Data of `setup` for an iteration. A fresh copy; in k6 the user's own. */
  #copyOf(data: () => unknown): unknown {
    if (!this.#state.thread.isK6) return data();
    this.#data ??= { value: data() };
    return this.#data.value;
  }

  /** Calls that the ended iteration left pending. Undefined without any. */
  async leftPending(end: 'complete' | 'failed'): Promise<PendingCalls | undefined> {
    const { pending, thread } = this.#state;
    if (pending.left === 0) return undefined;
    this.#state.pending = new PendingCalls();
    // A call that the iteration has cancelled settles a turn later.
    if (end === 'complete') await thread.clock.breathe();
    return pending.left > 0 ? pending : undefined;
  }

  /** Pause before a closed load's next iteration, in milliseconds. Doubles while no server is there. */
  #backoff(): number {
    const { plan, reached, thread } = this.#state;
    this.#lost = reached === false && plan?.load.kind === 'closed' ? this.#lost + 1 : 0;
    return this.#lost === 0 ? 0 : Math.min(thread.connectBackoff, FIRST_BACKOFF * 2 ** (this.#lost - 1));
  }

  /** Interrupts the running iteration, if any. */
  interrupt(): void {
    if (!this.#interrupt) return;
    const reason = new Interrupted('the iteration was interrupted');
    this.#stopping.abort(reason);
    this.#interrupt(reason);
  }

  close(): void {
    this.#connections.close();
    this.#httpConnections.close();
  }

  #recordStart(at: number, dueAt: number | undefined): void {
    const state = this.#state;
    const { scenario, plan, thread } = state;
    const open = plan?.load.kind === 'open';
    const lateness = dueAt === undefined ? 0 : Math.max(0, at - dueAt);
    state.lateness = open ? lateness : 0;
    if (dueAt !== undefined && thread.recorder) recordStart(thread.recorder, { scenario, at, lateness, open });
  }

  #recordError(error: unknown): void {
    const { thread, scenario } = this.#state;
    // An error in the setup would fail every iteration alike: better to stop and say so.
    if (error instanceof UserError) {
      thread.fail(error);
      return;
    }
    Atomics.add(thread.instance, INSTANCE.iterationsThrown, 1);
    recordScriptError(thread, scenario, error);
  }
}
