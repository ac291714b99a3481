import { availableParallelism } from 'node:os';
import { type Clock, systemClock } from '../engine/clock.js';
import type { Load } from '../engine/locust/locust-worker.js';
import type { Spawn } from '../engine/locust/messages.js';
import { StatsReports } from '../engine/locust/stats-report.js';
import type { Reporter } from '../engine/metrics/reporter.js';
import type { Snapshot, Summary } from '../engine/metrics/snapshot.js';
import type { Settings } from '../engine/options/settings.js';
import { type Run, run } from '../engine/run/index.js';
import type { Io } from './io.js';

/** Parts of the longest test, before and after the planned steady state. */
const LAST = '1h';
const BEFORE_STEADY = '29d';

/** Milliseconds without an order after which the ramp is over. */
const QUIET = 2000;

/** Setup of one test of a Locust worker. */
export interface LocustTest {
  readonly file: string;
  readonly settings: Settings;
  readonly io: Io;
  /** Called with the record, or the error of a failed start. */
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
  #cancel: () => void = () => undefined;

  constructor({ file, settings, io, onEnd }: LocustTest, users: number, { host }: Spawn) {
    this.#users = users;
    this.#clock = io.clock ?? systemClock;
    const own: Reporter = {
      name: 'locust',
      onStart: ({ startedAt }) => {
        this.#reports = new StatsReports(startedAt.getTime() / 1000);
        this.scale(this.#users);
      },
      onSnapshot: (snapshot) => {
        this.#snapshot = snapshot;
        io.lowerPriority();
      },
    };
    // As many workers as the machine carries: the users are counted later.
    const most = Math.max(users, availableParallelism());
    this.#running = run(
      file,
      {
        ...settings,
        ...(settings.baseUrl === undefined && host !== undefined && { baseUrl: host }),
        scenarios: {
          locust: {
            executor: 'ramping-vus',
            startVUs: users,
            stages: [
              { duration: BEFORE_STEADY, target: users },
              { duration: LAST, target: most },
            ],
          },
        },
        warmup: BEFORE_STEADY,
        reporters: [own, ...(settings.reporters ?? [])],
      },
      'command line',
      io,
    );
    this.#over = this.#running.summary.then(
      (summary) => onEnd({ summary }),
      (error: unknown) => onEnd({ error }),
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
