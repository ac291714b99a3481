import { type Clock, systemClock } from '../engine/clock.js';
import type { Load } from '../engine/locust/locust-worker.js';
import type { Spawn } from '../engine/locust/messages.js';
import { StatsReports } from '../engine/locust/stats-report.js';
import type { Reporter } from '../engine/metrics/reporter.js';
import type { Snapshot, Summary } from '../engine/metrics/snapshot.js';
import type { Settings } from '../engine/options/settings.js';
import { type Run, run } from '../engine/run/index.js';
import type { Io } from './io.js';

/** Plan of every test, which its master replaces. Its users give each core a worker. */
const DIRECTED = {
  executor: 'ramping-vus',
  startVUs: 0,
  stages: [
    { duration: '28d', target: 0 },
    { duration: '1d', target: 256 },
    { duration: '1d', target: 256 },
  ],
} as const;

/** Milliseconds without an order after which the ramp is over. */
const QUIET = 2000;

/** Setup of one test of a Locust worker. */
export interface LocustTest {
  readonly file: string;
  readonly settings: Settings;
  readonly io: Io;
  /** Called with the record, or the error of a failed start. Neither where it was stopped before its start. */
  readonly onEnd: (end: { readonly summary?: Summary; readonly error?: unknown }) => void;
}

/** Run of a scenario file whose users a Locust master counts. */
export class LocustLoad implements Load {
  readonly #running: Run;
  readonly #clock: Clock;
  readonly #over: Promise<void>;
  #users: number;
  #reports: StatsReports | undefined;
  #snapshot: Snapshot | undefined;
  #isStopped = false;
  #cancel: () => void = () => undefined;

  constructor({ file, settings, io, onEnd }: LocustTest, users: number, { host }: Spawn) {
    this.#users = users;
    this.#clock = io.clock ?? systemClock;
    const own: Reporter = {
      name: 'locust',
      onStart: ({ startedAt }) => {
        this.#reports = new StatsReports(startedAt.getTime() / 1000);
        // The order to start is given in this turn.
        this.#clock.after(0, () => this.scale(this.#users));
      },
      onSnapshot: (snapshot) => {
        this.#snapshot = snapshot;
        io.lowerPriority();
      },
    };
    this.#running = run(
      file,
      {
        ...settings,
        ...(settings.baseUrl === undefined && host !== undefined && { baseUrl: host }),
        scenarios: { locust: DIRECTED },
        warmup: 0,
        reporters: [own, ...(settings.reporters ?? [])],
      },
      'command line',
      io,
    );
    this.#over = this.#running.summary.then(
      (summary) => onEnd({ summary }),
      (error: unknown) => onEnd(this.#isStopped && !this.#reports ? {} : { error }),
    );
  }

  scale(users: number): void {
    this.#users = users;
    if (!this.#reports) return;
    this.#running.setVus('locust', users);
    this.#cancel();
    this.#cancel = this.#clock.after(QUIET, () => this.#running.beginSteady());
  }

  async stop(grace: number): Promise<void> {
    this.#cancel();
    this.#isStopped = true;
    this.#running.conclude(grace > 0 ? 'drain' : 'abort');
    const cancel = this.#clock.after(grace, () => this.#running.conclude('abort'));
    await this.#over;
    cancel();
    await this.#running.reported;
  }

  report(): ReturnType<Load['report']> {
    const change = this.#reports && this.#running.changeOfSummary(false);
    if (!this.#reports || !change) return { stats: undefined, exceptions: [] };
    const exceptions = this.#reports.exceptions(change.record);
    return {
      stats: this.#reports.next(change),
      exceptions: exceptions.flatMap(({ msg, traceback, times }) =>
        Array.from({ length: times }, () => ({ msg, traceback })),
      ),
    };
  }

  get health(): Load['health'] {
    const { workers = [], memory = process.memoryUsage.rss() } = this.#snapshot?.health ?? {};
    return { cpu: 100 * Math.max(0, ...workers.map(({ utilization }) => utilization ?? 0)), memory };
  }
}
