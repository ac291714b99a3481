import { messageOf } from '../errors.js';
import { type LogDetails, later } from '../metrics/log-record.js';
import type { Reporter } from '../metrics/reporter.js';
import type { Timing } from '../options/timing.js';
import type { LogBatch, WorkerLog } from '../workers/messages.js';

interface Outlet {
  readonly reporter: Reporter;
  working: boolean;
  /** Number of records that the reporter lacks. */
  missed: number;
}

/** Start of the load, as an instant and as a date. */
interface LogStart {
  readonly at: number;
  readonly date: Date;
}

/** Streams records from the workers to the reporters, at their pace. */
export class LogStream {
  readonly #details: LogDetails;
  /** Weight of the records written so far, by worker. */
  readonly #written: readonly SharedArrayBuffer[];
  readonly #outlets: readonly Outlet[];
  readonly #warn: (text: string) => void;
  readonly #timing: Timing;
  readonly #early: LogBatch[] = [];
  #start: LogStart | undefined;
  #underway: Promise<unknown> = Promise.resolve();

  /** Calls `warn` once for each reporter that fails. */
  constructor(reporters: readonly Reporter[], workers: number, timing: Timing, warn: (text: string) => void) {
    this.#timing = timing;
    this.#details = {
      gaps: reporters.some(({ details }) => details?.gaps),
      samples: reporters.some(({ details }) => details?.samples),
    };
    this.#written = Array.from({ length: workers }, () => new SharedArrayBuffer(4));
    this.#outlets = reporters.map((reporter) => ({ reporter, working: true, missed: 0 }));
    this.#warn = warn;
  }

  /** Log settings of one worker. */
  of(worker: number): WorkerLog {
    const written = this.#written[worker];
    if (!written) throw new Error(`there is no worker ${worker}`);
    return { details: this.#details, written };
  }

  /** Begins with the load. Records of before, as of `setup`, go first. */
  begin(start: LogStart): void {
    this.#start = start;
    for (const batch of this.#early.splice(0)) this.take(batch);
  }

  /** Passes a worker's records to the reporters, and tracks their weight. */
  take(batch: LogBatch): void {
    const start = this.#start;
    if (!start) {
      this.#early.push(batch);
      return;
    }
    const { worker, since, weight, dropped } = batch;
    const records = batch.records.map((record) => later(record, since - start.at));
    for (const outlet of this.#outlets) outlet.missed += dropped;
    const given = this.#outlets.map((outlet) => this.#give(outlet, records, start.date));
    const taken = Promise.all(given).then(() => {
      const { written } = this.of(worker);
      Atomics.add(new Int32Array(written), 0, weight);
    });
    this.#underway = this.#underway.then(() => taken);
  }

  /** Waits until everything has been written, and reports missing records by reporter. */
  async end(): Promise<void> {
    const { clock, limits } = this.#timing;
    let cancel: () => void = () => undefined;
    const late = new Promise<void>((resolve) => {
      cancel = clock.after(limits.logging, () => {
        this.#warn(`the last requests of the load could not be logged within ${limits.logging / 1000} s`);
        resolve();
      });
    });
    await Promise.race([this.#underway.then(() => Promise.all(this.#outlets.map((each) => this.#close(each)))), late]);
    cancel();
    for (const { reporter, missed } of this.#outlets) {
      if (missed > 0) this.#warn(`${reporter.name}: ${missed} records are missing: they could not be written in time`);
    }
  }

  async #give(outlet: Outlet, records: LogBatch['records'], startedAt: Date): Promise<void> {
    if (outlet.working) {
      try {
        return await outlet.reporter.onRecords?.(records, startedAt);
      } catch (thrown) {
        this.#fail(outlet, thrown);
      }
    }
    outlet.missed += records.length;
  }

  async #close(outlet: Outlet): Promise<void> {
    try {
      await outlet.reporter.onLastRecord?.();
    } catch (thrown) {
      this.#fail(outlet, thrown);
    }
  }

  #fail(outlet: Outlet, thrown: unknown): void {
    if (outlet.working) this.#warn(`${outlet.reporter.name} cannot be written any more: ${messageOf(thrown)}`);
    outlet.working = false;
  }
}
