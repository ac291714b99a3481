import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { Clock } from '../../clock.js';
import { UserError } from '../../errors.js';
import type { Limits, Timing } from '../../options/timing.js';
import type { Counter } from '../../tokens/counter.js';
import { toFault } from '../fault.js';
import { type Heartbeat, type HeartbeatWatch, lastRun, watchHeartbeat } from '../heartbeat.js';
import type { Assignment, Command, Report } from '../messages.js';
import { cutShortError, lateError } from '../thread/hook-calls.js';
import type { WorkerTask } from '../thread/worker.js';
import { heapLimit } from './heap-limit.js';
import { type End, endOf, type Loss } from './worker-loss.js';

/** Unsolicited report of a worker. */
export type Unasked = Report & { readonly type: 'delta' | 'dataset' | 'log' | 'over' | 'abort' | 'failed' | 'fault' };

/** Listener for reports that are unsolicited or come long after a command. */
export interface PoolListener {
  onReport(report: Unasked): void;
  /** Called when a thread is lost early. */
  onLost(loss: Loss): void;
}

/** Answer of a worker to a command. `fault` where it could not do it, undefined where it has died. */
type Answer<Type extends Report['type']> = (Report & { readonly type: Type | 'fault' }) | undefined;

/**
 * Young generation of a worker's heap, in MiB. A quarter of Node's own. Objects that outlive a token are copied from
 * there, in pauses as short as this is small.
 */
const YOUNG_GENERATION = 12;

interface WorkerHandle {
  readonly worker: number;
  readonly port: MessagePort;
  readonly heartbeat: Heartbeat;
  readonly watch: HeartbeatWatch;
  /** Ends the thread, even a blocked one. */
  readonly stop: AbortController;
  end: End | undefined;
  alive: boolean;
  expected: Report['type'] | undefined;
  answer: (report: Report | undefined) => void;
}

/** Worker threads of the run: one long task each. */
export class Pool {
  readonly #clock: Clock;
  readonly #limits: Limits;
  readonly #piscina: Piscina;
  readonly #listener: PoolListener;
  readonly #handles: readonly WorkerHandle[];
  readonly #tasks: readonly Promise<void>[];
  readonly #ready: Promise<Answer<'ready'>[]>;
  #hurry: () => void = () => undefined;
  readonly #hurrying: Promise<void>;
  readonly #counter: Counter | undefined;
  #leaving = false;

  /** Starts a worker thread for each assignment. Connects them to the token-counting process, if any. */
  constructor(assignments: readonly Assignment[], listener: PoolListener, timing: Timing, counter?: Counter) {
    this.#counter = counter;
    this.#listener = listener;
    this.#clock = timing.clock;
    this.#limits = timing.limits;
    this.#piscina = new Piscina({
      filename: new URL('../thread/worker.js', import.meta.url).href,
      // A thread that has died is not replaced.
      minThreads: 0,
      maxThreads: assignments.length,
      concurrentTasksPerWorker: 1,
      // Waiting in Atomics.wait between tasks would keep a worker from its sockets.
      atomics: 'disabled',
      recordTiming: false,
      resourceLimits: {
        maxOldGenerationSizeMb: heapLimit(assignments.length),
        maxYoungGenerationSizeMb: YOUNG_GENERATION,
      },
    });
    // What a thread throws after its task is nothing that anybody waits for.
    this.#piscina.on('error', () => undefined);
    this.#hurrying = new Promise((resolve) => {
      this.#hurry = resolve;
    });
    const channels = assignments.map(() => new MessageChannel());
    this.#handles = assignments.map(({ heartbeat }, worker) =>
      this.#openHandle(worker, heartbeat, channels[worker]!.port1),
    );
    this.#ready = Promise.all([...this.#handles.map((handle) => this.#answer(handle, 'ready')), canCount(counter)]);
    this.#tasks = this.#handles.map((handle, worker) => {
      const task = {
        assignment: assignments[worker]!,
        port: channels[worker]!.port2,
        counter: counter?.channels[worker],
      };
      return this.#runTask(handle, task);
    });
  }

  /** True while any worker is left. */
  get alive(): boolean {
    return this.#handles.some(({ alive }) => alive);
  }

  /** Initial number of workers. */
  get size(): number {
    return this.#handles.length;
  }

  /** Resolves when every worker has made its VUs, or failed to. */
  ready(): Promise<Answer<'ready'>[]> {
    return this.#ready;
  }

  /** Calls `setup` or `teardown` in the first live worker. One that blocks its thread for too long is stopped. */
  async call(command: Command & { type: 'call' }): Promise<Answer<'called'>> {
    const handle = this.#handles.find(({ alive }) => alive);
    if (!handle) return undefined;
    const answer = this.#answer(handle, 'called');
    // It may work for as long as it has been given, without a break.
    handle.watch.excused = true;
    let cancel: () => void = () => undefined;
    const late = new Promise<UserError>((resolve) => {
      cancel = this.#clock.after(command.timeout + this.#limits.grace, () => resolve(lateError(command)));
    });
    handle.port.postMessage(command);
    const given = await Promise.race([answer, late, this.#hurrying.then(() => cutShortError(command.name))]);
    cancel();
    handle.watch.excused = false;
    if (!(given instanceof UserError)) return given;
    handle.end = 'dismissed';
    handle.stop.abort();
    return { type: 'fault', fault: toFault(given) };
  }

  /** Calls a VU hook in every live worker. Cut short once the user does not wait. */
  async callAll(command: Command & { type: 'call' }): Promise<Answer<'called'>[]> {
    const answers = this.#handles.map((handle) => this.#answer(handle, 'called'));
    this.tell(command);
    void this.#hurrying.then(() => this.tell({ type: 'abort' }));
    return await Promise.all(answers);
  }

  /** Starts the load; resolves when every worker has ended or died. */
  async start(command: Command & { type: 'start' }): Promise<Answer<'ended'>[]> {
    const answers = this.#handles.map((handle) => this.#answer(handle, 'ended'));
    this.tell(command);
    return await Promise.all(answers);
  }

  /** Sends a command to every worker, without waiting for an answer. */
  tell(command: Command): void {
    for (const { port } of this.#handles) port.postMessage(command);
  }

  /** Stops waiting for workers that block their thread, from now on. */
  hurry(): void {
    this.#hurry();
    for (const { watch } of this.#handles) watch.shorten(this.#limits.hurry);
  }

  /** Waits for every thread's task to end, then ends the threads. */
  async close(): Promise<void> {
    this.#leaving = true;
    this.tell({ type: 'leave' });
    let cancel: () => void = () => undefined;
    const patience = new Promise<void>((resolve) => {
      cancel = this.#clock.after(this.#limits.leaving, resolve);
    });
    await Promise.race([Promise.all(this.#tasks), patience]);
    cancel();
    await this.destroy();
  }

  /** Ends the threads now. */
  async destroy(): Promise<void> {
    this.#leaving = true;
    for (const { watch } of this.#handles) watch.end();
    await Promise.all([this.#piscina.destroy(), this.#counter?.end()]);
  }

  #openHandle(worker: number, heartbeat: Heartbeat, port: MessagePort): WorkerHandle {
    const stop = new AbortController();
    const watch = watchHeartbeat(heartbeat, this.#clock, this.#limits.silence, (silence) => {
      handle.end = { silence };
      stop.abort();
    });
    const none = () => undefined;
    const handle: WorkerHandle = {
      worker,
      port,
      heartbeat,
      watch,
      stop,
      end: undefined,
      alive: true,
      expected: undefined,
      answer: none,
    };
    port.on('message', (report: Report) => this.#receive(handle, report));
    return handle;
  }

  /** Runs a worker's task. One that ends before it was told to leave is a lost worker. */
  async #runTask(handle: WorkerHandle, task: WorkerTask): Promise<void> {
    const { worker, heartbeat, watch, stop } = handle;
    let thrown: unknown = new Error('it ended too early');
    try {
      const transferList = [task.port, ...(task.counter ? [task.counter.port] : [])];
      await this.#piscina.run(task, { transferList, signal: stop.signal });
    } catch (error) {
      thrown = error;
    }
    watch.end();
    // What it has sent counts, though it is gone.
    for (let sent = receiveMessageOnPort(handle.port); sent; sent = receiveMessageOnPort(handle.port)) {
      this.#receive(handle, sent.message as Report);
    }
    handle.alive = false;
    handle.port.close();
    const end = handle.end ?? endOf(thrown);
    if (!this.#leaving && end !== 'dismissed') this.#listener.onLost({ worker, end, last: lastRun(heartbeat) });
    handle.answer(undefined);
  }

  #answer<Type extends Report['type']>(handle: WorkerHandle, expected: Type): Promise<Answer<Type>> {
    if (!handle.alive) return Promise.resolve(undefined);
    handle.expected = expected;
    return new Promise((resolve) => {
      handle.answer = (report) => resolve(report as Answer<Type>);
    });
  }

  /** Handles a report. A fault answers the pending command, except while the load runs: then the listener ends it. */
  #receive(handle: WorkerHandle, report: Report): void {
    const answers = report.type === handle.expected || (report.type === 'fault' && handle.expected !== 'ended');
    if (answers) handle.answer(report);
    else if (isUnasked(report)) this.#listener.onReport(report);
  }
}

/** Fault of an unusable tokenizer, treated like one of a worker. */
async function canCount(counter: Counter | undefined): Promise<Answer<'ready'>> {
  try {
    await counter?.ready;
    return undefined;
  } catch (error) {
    return { type: 'fault', fault: toFault(error) };
  }
}

function isUnasked(report: Report): report is Unasked {
  return ['delta', 'dataset', 'log', 'over', 'abort', 'failed', 'fault'].includes(report.type);
}
