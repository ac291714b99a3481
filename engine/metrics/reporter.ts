import type { LogDetails, LogRecord } from './log-record.js';
import type { KeyedSeries, Phase, Tags } from './series.js';
import type { Snapshot, Summary } from './snapshot.js';

/** Exact figures of a run, during it and after. To be read at once, since they change. */
export interface LiveRecord {
  /** All series so far. Those of failed requests have a tag `failed`; hidden metrics are among them. */
  readonly series: readonly KeyedSeries[];
  /** Length of each phase so far, in seconds. */
  readonly seconds: Readonly<Record<Phase, number>>;
}

/** Facts about a run at the start of its load. */
export interface RunStart {
  /** Path of the scenario file, relative to the working directory. */
  readonly scenario: string;
  readonly startedAt: Date;
  readonly labels: Tags;
  readonly tags: Tags;
  /** Tags of k6's own that its log formats keep. Absent: all. */
  readonly systemTags?: readonly string[];
  readonly target: Snapshot['target'];
  readonly record: LiveRecord;
  /** Adds a warning to the run's record. */
  readonly warn: (text: string) => void;
}

/**
 * Receiver of a run's results. A hook that throws or rejects ends this reporter: it gets no more, and the run's
 * warnings name it. The load never waits for a reporter.
 */
export interface Reporter {
  /** Name in warnings, such as `json=results/run.json`. */
  readonly name: string;
  /** Contents of the records beyond requests. */
  readonly details?: LogDetails;
  /** Called while the run waits before its load, with the reason. `isPaused`: until it is resumed. */
  onWait?(text: string, isPaused: boolean): void | Promise<void>;
  /** Called once, at the start of the load. */
  onStart?(start: RunStart): void | Promise<void>;
  /** Called about once a second, the last time with `state: 'done'`. */
  onSnapshot?(snapshot: Snapshot): void | Promise<void>;
  /**
   * Called with records of ended requests. They are in order within a worker. Resolves once they are written; beyond a
   * limit of unwritten ones, records are left out and counted.
   */
  onRecords?(records: readonly LogRecord[], startedAt: Date): Promise<void>;
  /** Called after the last records, before the summary is made. Rejects where records were lost. */
  onLastRecord?(): Promise<void>;
  /** Called with the record of the run. Its errors are in `running.reported`. */
  onEnd?(summary: Summary): void | Promise<void>;
}

/** Failure of a reporter at the end of a run. */
export interface ReporterFailure {
  /** Name of the reporter. */
  readonly name: string;
  readonly error: unknown;
}
