import { messageOf } from '../errors.js';
import type { Reporter, ReporterFailure, RunStart } from '../metrics/reporter.js';
import type { Snapshot, Summary } from '../metrics/snapshot.js';

/** Calls the reporters of a run. One that fails is named in a warning and called no more. */
export class Reporting {
  readonly #all: readonly Reporter[];
  readonly #working: Set<Reporter>;
  readonly #warn: (text: string) => void;

  constructor(reporters: readonly Reporter[], warn: (text: string) => void) {
    this.#all = reporters;
    this.#working = new Set(reporters);
    this.#warn = warn;
  }

  wait(text: string, isPaused = false): void {
    this.#each((reporter) => reporter.onWait?.(text, isPaused));
  }

  start(start: RunStart): void {
    this.#each((reporter) => reporter.onStart?.(start));
  }

  show(snapshot: Snapshot): void {
    this.#each((reporter) => reporter.onSnapshot?.(snapshot));
  }

  /** Calls all with the record, those that failed too. Resolves to the failures of this. */
  async end(summary: Summary): Promise<readonly ReporterFailure[]> {
    const failures: ReporterFailure[] = [];
    const ended = this.#all.map(async (reporter) => {
      try {
        await reporter.onEnd?.(summary);
      } catch (error) {
        failures.push({ name: reporter.name, error });
      }
    });
    await Promise.all(ended);
    return failures;
  }

  #each(call: (reporter: Reporter) => void | Promise<void> | undefined): void {
    for (const reporter of this.#working) {
      const fail = (error: unknown) => {
        if (this.#working.delete(reporter)) this.#warn(`${reporter.name} failed: ${messageOf(error)}`);
      };
      try {
        call(reporter)?.catch(fail);
      } catch (error) {
        fail(error);
      }
    }
  }
}
