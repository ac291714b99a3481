import { MessageChannel } from 'node:worker_threads';
import type { Clock } from '../../clock.js';
import { UserError } from '../../errors.js';
import type { Limits, Timing } from '../../options/timing.js';
import type { Counter } from '../../tokens/counter.js';
import { toFault } from '../fault.js';
import type { Assignment, Command } from '../messages.js';
import { cutShortError, lateError } from '../thread/hook-calls.js';
import type { WorkerTask } from '../thread/worker.js';
import type { WorkerThreads } from './threads.js';
import { type Answer, type Unasked, WorkerHandle } from './worker-handle.js';
import type { Loss } from './worker-loss.js';

/** Listener for reports that are unsolicited or come long after a command. */
export interface PoolListener {
  onReport(report: Unasked): void;
  /** Called when a thread is lost early. */
  onLost(loss: Loss): void;
}

/** Worker threads of the run: one long task each. */
export class Pool {
  readonly #clock: Clock;
  readonly #limits: Limits;
  readonly #threads: WorkerThreads;
  readonly #listener: PoolListener;
  readonly #handles: readonly WorkerHandle[];
  readonly #tasks: readonly Promise<void>[];
  readonly #ready: Promise<Answer<'ready'>[]>;
  #hurry: () => void = () => undefined;
  readonly #hurrying: Promise<void>;
  readonly #counter: Counter | undefined;
  #leaving = false;

  /** Gives a thread to each assignment. Connects them to the token-counting process, if any. */
  constructor(
    threads: WorkerThreads,
    assignments: readonly Assignment[],
    listener: PoolListener,
    timing: Timing,
    counter?: Counter,
  ) {
    this.#counter = counter;
    this.#listener = listener;
    this.#clock = timing.clock;
    this.#limits = timing.limits;
    this.#threads = threads;
    this.#hurrying = new Promise((resolve) => {
      this.#hurry = resolve;
    });
    const channels = assignments.map(() => new MessageChannel());
    this.#handles = assignments.map(
      ({ heartbeat }, worker) =>
        new WorkerHandle(worker, channels[worker]!.port1, heartbeat, timing, (report) => listener.onReport(report)),
    );
    this.#ready = Promise.all([...this.#handles.map((handle) => handle.answer('ready')), canCount(counter)]);
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
    const answer = handle.answer('called');
    // It may work for as long as it has been given, without a break.
    handle.watch.excused = true;
    let cancel: () => void = () => undefined;
    const late = new Promise<UserError>((resolve) => {
      cancel = this.#clock.after(command.timeout + this.#limits.grace, () => resolve(lateError(command)));
    });
    handle.send(command);
    const given = await Promise.race([answer, late, this.#hurrying.then(() => cutShortError(command.name))]);
    cancel();
    handle.watch.excused = false;
    if (!(given instanceof UserError)) return given;
    handle.stop('dismissed');
    return { type: 'fault', fault: toFault(given) };
  }

  /** Calls a VU hook in every live worker. Cut short once the user does not wait. */
  async callAll(command: Command & { type: 'call' }): Promise<Answer<'called'>[]> {
    const answers = this.#handles.map((handle) => handle.answer('called'));
    this.send(command);
    void this.#hurrying.then(() => this.send({ type: 'abort' }));
    return await Promise.all(answers);
  }

  /** Starts the load; resolves when every worker has ended or died. */
  async start(command: Command & { type: 'start' }): Promise<Answer<'ended'>[]> {
    const answers = this.#handles.map((handle) => handle.answer('ended'));
    this.send(command);
    return await Promise.all(answers);
  }

  /** Sends a command to every worker, without waiting for an answer. */
  send(command: Command): void {
    for (const handle of this.#handles) handle.send(command);
  }

  /** Stops waiting for workers that block their thread, from now on. */
  hurry(): void {
    this.#hurry();
    for (const { watch } of this.#handles) watch.shorten(this.#limits.hurry);
  }

  /** Waits for every thread's task to end, then ends the threads. */
  async close(): Promise<void> {
    this.#leaving = true;
    this.send({ type: 'leave' });
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
    await Promise.all([this.#threads.destroy(), this.#counter?.end()]);
  }

  /** Runs a worker's task. One that ends before it was told to leave is a lost worker. */
  async #runTask(handle: WorkerHandle, task: WorkerTask): Promise<void> {
    let thrown: unknown = new Error('it ended too early');
    try {
      await this.#threads.run(task, handle.signal);
    } catch (error) {
      thrown = error;
    }
    handle.close(thrown, (loss) => {
      if (!this.#leaving) this.#listener.onLost(loss);
    });
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
