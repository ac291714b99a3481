import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { messageOf } from '../errors.js';
import type { Assignment, Command, Report } from './protocol.js';

/** What comes of a worker without having been asked for, or long after. */
export interface PoolListener {
  onReport(report: Report & { readonly type: 'delta' | 'over' | 'abort' | 'fault' }): void;
  /** A thread is gone before its time; `why` is one line. */
  onLost(worker: number, why: string): void;
}

/** What a worker answers to a command; `fault` where it could not do it, undefined where it has died. */
type Answer<Type extends Report['type']> = (Report & { readonly type: Type | 'fault' }) | undefined;

interface Seat {
  readonly worker: number;
  readonly port: MessagePort;
  alive: boolean;
  expected: Report['type'] | undefined;
  answer: (report: Report | undefined) => void;
}

/** The run's worker threads: one long task each. */
export class Pool {
  readonly #piscina: Piscina;
  readonly #listener: PoolListener;
  readonly #seats: readonly Seat[];
  readonly #tasks: readonly Promise<void>[];
  readonly #ready: Promise<Answer<'ready'>[]>;
  #leaving = false;

  /** Starts one worker thread for each assignment. */
  constructor(assignments: readonly Assignment[], listener: PoolListener) {
    this.#listener = listener;
    this.#piscina = new Piscina({
      filename: new URL('./worker.js', import.meta.url).href,
      minThreads: assignments.length,
      maxThreads: assignments.length,
      concurrentTasksPerWorker: 1,
      // Waiting in Atomics.wait between tasks would keep a worker from its sockets.
      atomics: 'disabled',
      recordTiming: false,
    });
    const channels = assignments.map(() => new MessageChannel());
    this.#seats = channels.map(({ port1: port }, worker) => {
      const seat: Seat = { worker, port, alive: true, expected: undefined, answer: () => undefined };
      port.on('message', (report: Report) => this.#take(seat, report));
      return seat;
    });
    this.#ready = Promise.all(this.#seats.map((seat) => this.#answer(seat, 'ready')));
    this.#tasks = this.#seats.map((seat, worker) => {
      return this.#occupy(seat, { assignment: assignments[worker], port: channels[worker]?.port2 });
    });
  }

  /** How many workers there were to begin with. */
  get size(): number {
    return this.#seats.length;
  }

  /** Resolves when every worker has made its users, or could not. */
  ready(): Promise<Answer<'ready'>[]> {
    return this.#ready;
  }

  /** Has one worker, the first that is alive, call `setup` or `teardown`. */
  async call(command: Command & { type: 'call' }): Promise<Answer<'called'>> {
    const seat = this.#seats.find(({ alive }) => alive);
    if (!seat) return undefined;
    const answer = this.#answer(seat, 'called');
    seat.port.postMessage(command);
    return await answer;
  }

  /** Has every worker that is alive call a hook of its VUs. */
  async callAll(command: Command & { type: 'call' }): Promise<Answer<'called'>[]> {
    const answers = this.#seats.map((seat) => this.#answer(seat, 'called'));
    this.tell(command);
    return await Promise.all(answers);
  }

  /** Starts the load; resolves when every worker has come to its end, or died. */
  async start(command: Command & { type: 'start' }): Promise<Answer<'ended'>[]> {
    const answers = this.#seats.map((seat) => this.#answer(seat, 'ended'));
    this.tell(command);
    return await Promise.all(answers);
  }

  /** Tells every worker, without waiting for an answer. */
  tell(command: Command): void {
    for (const { port } of this.#seats) port.postMessage(command);
  }

  /** Waits for every thread to give back its task, then ends the threads. */
  async close(): Promise<void> {
    this.#leaving = true;
    this.tell({ type: 'leave' });
    await Promise.all(this.#tasks);
    await this.#piscina.destroy();
  }

  /** Ends the threads now. */
  async destroy(): Promise<void> {
    this.#leaving = true;
    await this.#piscina.destroy();
  }

  /** Runs a worker's task; a task that ends before it was told to leave is a worker lost. */
  async #occupy(
    seat: Seat,
    { assignment, port }: { assignment: unknown; port: MessagePort | undefined },
  ): Promise<void> {
    let why = 'it ended too early';
    try {
      await this.#piscina.run({ assignment, port }, { transferList: port ? [port] : [] });
    } catch (error) {
      why = messageOf(error);
    }
    seat.alive = false;
    seat.port.close();
    if (!this.#leaving) this.#listener.onLost(seat.worker, why);
    seat.answer(undefined);
  }

  #answer<Type extends Report['type']>(seat: Seat, expected: Type): Promise<Answer<Type>> {
    if (!seat.alive) return Promise.resolve(undefined);
    seat.expected = expected;
    return new Promise((resolve) => {
      seat.answer = (report) => resolve(report as Answer<Type>);
    });
  }

  /** A fault answers what was asked, except while the load runs: then it is for the listener to end it. */
  #take(seat: Seat, report: Report): void {
    const answers = report.type === seat.expected || (report.type === 'fault' && seat.expected !== 'ended');
    if (answers) seat.answer(report);
    else if (report.type !== 'ready' && report.type !== 'called' && report.type !== 'ended')
      this.#listener.onReport(report);
  }
}
