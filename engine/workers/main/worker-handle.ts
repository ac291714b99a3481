import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { Timing } from '../../options/timing.js';
import { type Heartbeat, type HeartbeatWatch, lastRun, watchHeartbeat } from '../heartbeat.js';
import type { Command, Report } from '../messages.js';
import { type End, endOf, type Loss } from './worker-loss.js';

/** Unsolicited report of a worker. */
export type Unasked = Report & { readonly type: 'delta' | 'dataset' | 'log' | 'over' | 'abort' | 'failed' | 'fault' };

/** Answer of a worker to a command. `fault` where it could not do it, undefined where it has died. */
export type Answer<Type extends Report['type']> = (Report & { readonly type: Type | 'fault' }) | undefined;

/** Main thread's end of one worker: its messages, heartbeat and loss. */
export class WorkerHandle {
  readonly watch: HeartbeatWatch;
  readonly #worker: number;
  readonly #port: MessagePort;
  readonly #heartbeat: Heartbeat;
  readonly #onUnasked: (report: Unasked) => void;
  readonly #stop = new AbortController();
  #end: End | undefined;
  #alive = true;
  #expected: Report['type'] | undefined;
  #answer: (report: Report | undefined) => void = () => undefined;

  /** Listens to a worker, numbered from 0. Stops one that is silent for too long. */
  constructor(
    worker: number,
    port: MessagePort,
    heartbeat: Heartbeat,
    { clock, limits }: Timing,
    onUnasked: (report: Unasked) => void,
  ) {
    this.#worker = worker;
    this.#port = port;
    this.#heartbeat = heartbeat;
    this.#onUnasked = onUnasked;
    this.watch = watchHeartbeat(heartbeat, clock, limits.silence, (silence) => this.stop({ silence }));
    port.on('message', (report: Report) => this.#receive(report));
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Aborted when the thread must end, even a blocked one. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Sends a command, without waiting for an answer. */
  send(command: Command): void {
    this.#port.postMessage(command);
  }

  /** Waits for a report of this type. It replaces the previous wait. */
  answer<Type extends Report['type']>(expected: Type): Promise<Answer<Type>> {
    if (!this.#alive) return Promise.resolve(undefined);
    this.#expected = expected;
    return new Promise((resolve) => {
      this.#answer = (report) => resolve(report as Answer<Type>);
    });
  }

  /** Ends the thread, for this cause. */
  stop(end: End): void {
    this.#end = end;
    this.#stop.abort();
  }

  /** Reads the last reports of a thread that has ended. `onLost` is called unless we dismissed it. */
  close(thrown: unknown, onLost: (loss: Loss) => void): void {
    this.watch.end();
    // What it has sent counts, though it is gone.
    for (let sent = receiveMessageOnPort(this.#port); sent; sent = receiveMessageOnPort(this.#port)) {
      this.#receive(sent.message as Report);
    }
    this.#alive = false;
    this.#port.close();
    const end = this.#end ?? endOf(thrown);
    if (end !== 'dismissed') onLost({ worker: this.#worker, end, last: lastRun(this.#heartbeat) });
    this.#answer(undefined);
  }

  /** Handles a report. A fault answers the pending command, except while the load runs: then the listener ends it. */
  #receive(report: Report): void {
    const answers = report.type === this.#expected || (report.type === 'fault' && this.#expected !== 'ended');
    if (answers) this.#answer(report);
    else if (isUnasked(report)) this.#onUnasked(report);
  }
}

function isUnasked(report: Report): report is Unasked {
  return ['delta', 'dataset', 'log', 'over', 'abort', 'failed', 'fault'].includes(report.type);
}
