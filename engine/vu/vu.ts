import type { Api } from '../api/index.js';
import { CookieJar } from '../client/http/cookie-jar.js';
import { ConnectionSet } from '../client/transport/connection.js';
import { sleep } from '../clock.js';
import { UserError } from '../errors.js';
import { BUILT_IN } from '../metrics/catalogue.js';
import { combineSeeds, randomSource } from '../random.js';
import { withGroup } from './api/group.js';
import { bindApi } from './api/index.js';
import { noteStart } from './iteration-lateness.js';
import { logSample } from './samples.js';
import { noteScriptError } from './script-error.js';
import { INSTANCE, type Thread } from './thread-context.js';
import { Interrupted, TestAborted, type VuPlan, type VuState } from './vu-state.js';

/** The exports of one evaluation of the scenario file. */
export type ScriptExports = Readonly<Record<string, unknown>>;

/** Evaluates the scenario for one VU; see script/evaluate. */
export type Evaluate = (
  api: Api,
  globals: {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly vu: number;
    readonly iter: number;
    readonly open: Api['open'];
  },
) => ScriptExports;

/** The functions that a scenario may export for each VU, to run once before its first and after its last iteration. */
export type VuHook = 'vuSetup' | 'vuTeardown';

/** Which iteration a VU is to run. */
export interface Turn {
  readonly iterationInTest: number;
  /** The instant at which it should start; undefined where it only follows the VU's last. */
  readonly dueAt: number | undefined;
}

/** How an iteration ended. */
export type IterationEnd = 'complete' | 'failed' | 'interrupted';

/** One virtual user: its own evaluation of the scenario, its own API, its own sockets. */
export class Vu {
  readonly exports: ScriptExports;
  readonly #state: VuState;
  readonly #globals: { env: Readonly<Record<string, string | undefined>>; vu: number; iter: number; open: Api['open'] };
  /** By the origin of their server. */
  readonly #connections = new Map<string, ConnectionSet>();
  readonly #httpConnections = new Map<string, ConnectionSet>();
  #stopping = new AbortController();
  /** Ends the iteration that is running. */
  #interrupt: ((reason: Error) => void) | undefined;
  /** What `vuSetup` has returned. */
  #mine: unknown;

  /** Evaluates the scenario file for this VU. Throws what its top level throws. Without a plan it has no iterations. */
  constructor(thread: Thread, evaluate: Evaluate, id: number, plan: VuPlan | undefined, scenario = plan?.name ?? '') {
    const state: VuState = {
      thread,
      id,
      plan,
      scenario,
      tags: withGroup({ ...thread.tags, ...plan?.tags }, plan || !scenario ? '' : `::${scenario}`),
      random: randomSource(combineSeeds(thread.seed, id)),
      isSeeded: false,
      connections: (origin) => this.#connectionsTo(origin, this.#connections),
      httpConnections: (origin) => this.#connectionsTo(origin, this.#httpConnections),
      cookies: new CookieJar(),
      stage: 'init',
      signal: undefined,
      lateness: 0,
      iteration: 0,
      iterationInTest: undefined,
    };
    this.#state = state;
    const api = bindApi(state);
    this.#globals = { env: plan ? { ...thread.env, ...plan.env } : thread.env, vu: id, iter: 0, open: api.open };
    thread.onEntry(id, -1);
    this.exports = evaluate(api, this.#globals);
    state.stage = plan ? 'running' : 'hook';
    if (plan) Atomics.add(thread.instance, INSTANCE.vusInitialized, 1);
  }

  /** Calls an exported function with the signal by which its waiting can be ended. */
  async call(name: string, signal: AbortSignal | undefined, ...values: readonly unknown[]): Promise<unknown> {
    const { thread, id, iteration } = this.#state;
    this.#state.signal = signal;
    thread.onEntry(id, iteration);
    const exported = this.exports[name];
    if (typeof exported !== 'function') throw new TypeError(`the scenario exports no function called ${name}`);
    return await exported(...values);
  }

  /** Whether the scenario exports a hook. */
  hasHook(name: VuHook): boolean {
    return typeof this.exports[name] === 'function';
  }

  /** Runs a hook; what `vuSetup` returns is given to the iterations and to `vuTeardown`. */
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

  /** Calls the function that is an iteration. */
  callIteration(signal: AbortSignal | undefined, data: unknown): Promise<unknown> {
    return this.call(this.#state.plan?.exec ?? 'default', signal, data, this.#mine);
  }

  /**
   * From now on this iteration is the one that runs: its random numbers and the rows that it draws are its own,
   * whichever VU and whichever worker it has come to.
   */
  enter(iterationInTest: number): void {
    const state = this.#state;
    state.iterationInTest = iterationInTest;
    if (!state.isSeeded) state.random = randomSource(combineSeeds(state.thread.seed, state.scenario, iterationInTest));
    this.#globals.iter = state.iteration;
  }

  /** Runs one iteration and records it. Never rejects. `data` gives what `setup` returned, as a fresh copy. */
  async iterate({ iterationInTest, dueAt }: Turn, data: () => unknown): Promise<IterationEnd> {
    const state = this.#state;
    const { thread } = state;
    // One for many iterations, until it is used: making it would be a good part of what a short iteration costs.
    if (this.#stopping.signal.aborted) this.#stopping = new AbortController();
    const { signal } = this.#stopping;
    this.enter(iterationInTest);
    if (!thread.http.noCookiesReset) state.cookies.reset();
    const startedAt = thread.clock.now();
    this.#noteStart(startedAt, dueAt);
    let end: IterationEnd = 'complete';
    try {
      await new Promise<unknown>((resolve, reject) => {
        this.#interrupt = reject;
        this.callIteration(signal, data()).then(resolve, reject);
      });
    } catch (error) {
      end = error instanceof Interrupted || error instanceof TestAborted ? 'interrupted' : 'failed';
      if (end === 'failed') this.#noteError(error);
    }
    state.iteration += 1;
    this.#noteIteration(end, startedAt);
    const rest = startedAt + thread.minIterationDuration - thread.clock.now();
    if (rest > 0) await sleep(thread.clock, rest, signal).catch(() => undefined);
    this.#interrupt = undefined;
    return end;
  }

  /** Ends the iteration that is running, if there is one. */
  interrupt(): void {
    if (!this.#interrupt) return;
    const reason = new Interrupted('the iteration was interrupted');
    this.#stopping.abort(reason);
    this.#interrupt(reason);
  }

  close(): void {
    for (const all of [this.#connections, this.#httpConnections]) for (const set of all.values()) set.close();
  }

  #connectionsTo(origin: string, all: Map<string, ConnectionSet>): ConnectionSet {
    const known = all.get(origin);
    if (known) return known;
    const { clock, transport } = this.#state.thread;
    const connections = new ConnectionSet(origin, transport, clock);
    all.set(origin, connections);
    return connections;
  }

  #noteStart(at: number, dueAt: number | undefined): void {
    const state = this.#state;
    const { scenario, plan, thread } = state;
    const open = plan?.load.kind === 'open';
    const lateness = dueAt === undefined ? 0 : Math.max(0, at - dueAt);
    state.lateness = open ? lateness : 0;
    if (dueAt !== undefined && thread.recorder) noteStart(thread.recorder, { scenario, at, lateness, open });
  }

  #noteIteration(end: IterationEnd, startedAt: number): void {
    const { thread, scenario } = this.#state;
    const ended = end === 'interrupted' ? INSTANCE.iterationsInterrupted : INSTANCE.iterationsCompleted;
    Atomics.add(thread.instance, ended, 1);
    const { recorder } = thread;
    if (!recorder) return;
    const tags = { scenario };
    const phase = recorder.phaseAt(startedAt);
    if (end === 'interrupted') {
      recorder.counter('interrupted_iterations', tags, phase).add(1);
    } else {
      recorder.counter('iterations', tags, phase).add(1);
      const now = thread.clock.now();
      recorder.trend('iteration_duration', tags, phase).add(now - startedAt);
      logSample(this.#state, 'iterations', BUILT_IN.iterations, 1);
      logSample(this.#state, 'iteration_duration', BUILT_IN.iteration_duration, now - startedAt);
    }
  }

  #noteError(error: unknown): void {
    const { thread, scenario } = this.#state;
    // A mistake in the set-up would fail every iteration alike: better to stop and say so.
    if (error instanceof UserError) {
      thread.fail(error);
      return;
    }
    noteScriptError(thread, scenario, error);
  }
}
