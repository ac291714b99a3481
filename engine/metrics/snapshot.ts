import type { Contains, MetricKind } from './catalogue.js';
import type { ErrorGroup, FailureGroup } from './delta.js';
import type { GpuRecord, GpuState } from './gpu-record.js';
import type { IntervalPoint, RecordedInterval } from './interval-point.js';
import type { LocustView } from './locust/locust-record.js';
import type { RowFigures } from './locust/row-figures.js';
import type { Quality } from './quality.js';
import type { ReaderRecord } from './reader-record.js';
import type { Activity, GeneratorHealth, OperatorAction, ScenarioState } from './run-state.js';
import type { Tags } from './series.js';
import type { ServerRecord, ServerState } from './server-record.js';
import type { SessionRecord, SessionsSoFar } from './session-record.js';
import type { SampleRecord, ShareRecord } from './share-record.js';
import type { ThresholdResult } from './thresholds.js';
import type { TokenOrigin } from './token-origin.js';

export type { RecordedInterval } from './interval-point.js';
export type { Inflation, Quality } from './quality.js';
export type { Activity, GeneratorHealth, OperatorAction, ScenarioState } from './run-state.js';

/** Values of a metric with k6's keys: `count`, `rate`, `avg`, `med`, `p(95)`, … */
export type Values = Readonly<Record<string, number>>;

/** Lower and upper bound of a figure. */
export type Bounds = readonly [low: number, high: number];

/** Metric or submetric in its windows. */
export interface MetricSummary {
  readonly type: MetricKind;
  readonly contains: Contains;
  /** In the headline window. */
  readonly values: Values;
  /** In each window. */
  readonly windows: { readonly steady: Values | null; readonly whole: Values | null };
  /** Percentiles with too few samples for bounds at 99 % confidence. */
  readonly unbounded?: readonly string[];
  /** Confidence intervals at 99 %, where the run was long enough. See metrics/confidence.ts. */
  readonly confidence?: Readonly<Record<string, Bounds>>;
  /** Distribution in the headline window: lowest value and count of each bucket. */
  readonly histogram?: { readonly values: readonly number[]; readonly counts: readonly number[] };
  /**
   * Breakdown by scenario and name, and by server (`target`). Each only where there are several; `group_duration` by
   * group.
   */
  readonly series?: readonly { readonly tags: Tags; readonly values: Values }[];
}

/** The run so far, about once a second. Plain data. */
export interface Snapshot {
  readonly state: 'running' | 'draining' | 'done';
  readonly activity: Activity;
  /** The scenario's file, from the working directory. */
  readonly file: string;
  readonly target: TestedTarget | null;
  /** Milliseconds since the load started, and planned duration without its drain. */
  readonly elapsed: number;
  readonly duration: number;
  readonly scenarios: readonly ScenarioState[];
  readonly vus: number;
  /** Target VU count of all closed scenarios. Null where none is running. */
  readonly planned: number | null;
  readonly peakVus: number;
  readonly maxVus: number;
  readonly inFlight: number;
  /** The last interval that is complete. */
  readonly interval: IntervalPoint | undefined;
  /** Since the load started. */
  readonly totals: {
    readonly requests: number;
    readonly failed: number;
    readonly http: Readonly<Record<'requests' | 'failed', number>>;
    readonly iterations: number;
    readonly dropped: number;
    readonly outputTokens: number;
    readonly inputTokens: number;
    /** Share that met all SLOs; undefined without an SLO. */
    readonly goodput: number | undefined;
    readonly ttft: { readonly p50: number | undefined; readonly p95: number | undefined };
    readonly sessions: SessionsSoFar | undefined;
  };
  /** Requests by method and name, sorted by name, and their total. */
  readonly rows: readonly RowFigures[];
  readonly aggregated: RowFigures;
  readonly thresholds: readonly ThresholdResult[];
  readonly checks: readonly CheckSummary[];
  readonly failures: readonly FailureGroup[];
  readonly errors: readonly ErrorGroup[];
  readonly health: GeneratorHealth;
  /** Quality of the numbers so far, without checks at the end. */
  readonly quality: Quality;
  readonly operator: readonly OperatorAction[];
  /** Figures reported by the servers; undefined where they report none. */
  readonly server: ServerState | undefined;
  /** The cards; undefined where they are not watched. */
  readonly gpu?: GpuState | undefined;
  readonly warnings: readonly string[];
}

/** A stretch of the run, in seconds since the load started. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Results of a check, over the whole run. */
export interface CheckSummary {
  readonly name: string;
  readonly scenario: string;
  /** Path of its group, such as `::login::first try`; empty outside of groups. */
  readonly group: string;
  readonly passes: number;
  readonly fails: number;
}

/** Usage of a data set, over the whole run. */
export interface DatasetUse {
  /** From the working directory. */
  readonly file: string;
  /** Number of rows, after its filter. */
  readonly rows: number;
  /** Draws of all users, and how many different rows they came to. */
  readonly draws: number;
  readonly distinct: number;
  /** Draws of a row that had been drawn before. */
  readonly repeats: number;
  /** True where each prompt was made unique. */
  readonly salted: boolean;
}

/** The record of a run: everything that any report is made of. Its JSON Schema stands beside the reporters. */
export interface Summary {
  readonly schema: 'tokenswarm/summary';
  readonly version: 1;
  readonly tool: { readonly name: 'tokenswarm'; readonly version: string };
  readonly run: {
    readonly scenario: string;
    /** ISO 8601, UTC. */
    readonly startedAt: string;
    readonly seconds: number;
    /** `completed` ran to the plan's end, `running` was still at it. All others name what cut it short. */
    readonly outcome: 'completed' | 'running' | 'interrupted' | 'aborted' | 'failed';
    /** Reason for an early end, or for a run marked as failed. */
    readonly reason?: string;
    readonly exitCode: number;
    readonly seed: number;
    /** Share of a run on several machines. Absent for a whole run. */
    readonly share?: ShareRecord;
    readonly labels: Tags;
    readonly tags: Tags;
    /** Parts of the run that are missing from the numbers. */
    readonly missing: readonly string[];
  };
  readonly target: TestedTarget | null;
  /** Figures reported by the servers; absent where they reported none. */
  readonly server?: ServerRecord;
  /** The cards behind the servers; absent where they were not watched. */
  readonly gpu?: GpuRecord;
  readonly environment: {
    readonly node: string;
    readonly platform: string;
    readonly cpu: string;
    readonly cores: number;
    readonly memoryBytes: number;
    readonly workers: number;
  };
  /** Native readers of streams; absent where JavaScript read them. */
  readonly reader?: ReaderRecord;
  readonly plan: {
    readonly scenarios: readonly PlannedScenario[];
    readonly maxVus: number;
    readonly seconds: number;
  };
  /** `headline` names the window of figures and thresholds. By k6's `rule` it is the whole run, `steady` null. */
  readonly windows: {
    readonly whole: Span;
    readonly steady: Span | null;
    readonly headline: 'steady' | 'whole';
    readonly rule?: 'k6';
  };
  /** Requested form of HTTP and own distributions. Absent where it is the usual one. */
  readonly shown?: { readonly stats?: readonly string[]; readonly unit?: 's' | 'ms' | 'us' };
  readonly metrics: Readonly<Record<string, MetricSummary>>;
  readonly requests: TokenOrigin & {
    readonly censored: number;
    readonly reconnects: number;
    readonly concurrency: { readonly mean: number; readonly peakAtMost: number };
  };
  /** Sessions of agents; absent where none began. */
  readonly sessions?: SessionRecord;
  /** Prompt repetition by data set; absent where none was drawn from. */
  readonly datasets?: readonly DatasetUse[];
  readonly thresholds: readonly ThresholdResult[];
  readonly checks: readonly CheckSummary[];
  readonly failures: readonly FailureGroup[];
  readonly errors: readonly ErrorGroup[];
  /** Changes of the load by hand; absent where there were none. */
  readonly operator?: readonly OperatorAction[];
  readonly quality: Quality;
  readonly warnings: readonly string[];
  readonly histograms: { readonly significantDigits: number; readonly relativeError: number };
  readonly intervals: readonly RecordedInterval[];
  readonly locust: LocustView;
  /** Exact contents of a share's record. */
  readonly samples?: SampleRecord;
  /** Machines of a merged record, in the order of their shares. */
  readonly machines?: readonly MachineRecord[];
}

/** Machine of a merged run. */
interface MachineRecord {
  readonly share: number;
  readonly startedAt: string;
  readonly outcome: Summary['run']['outcome'];
  readonly verdict: Quality['verdict'];
  readonly clockOffset?: number;
  readonly environment: Summary['environment'];
}

/** The server under test. */
export interface TestedTarget {
  /** Below which the API stands; several are joined by commas. */
  readonly baseUrl: string;
  /** Each of several. */
  readonly baseUrls?: readonly string[];
  /** The proxy through which it was reached, without user and password. */
  readonly proxy?: string;
  readonly model: string;
  /** True where tokenswarm's own simulator answered, or was one of several servers. Such figures are not measured. */
  readonly simulated: boolean;
  /** Server simulated on a card, if any. Card, model, tensorParallel, precisions and limits. */
  readonly simulates?: Readonly<Record<string, string | number | boolean>>;
}

/** Planned scenario, described in words and options, and its actual time. */
interface PlannedScenario {
  readonly name: string;
  readonly executor: string;
  /** Open: iterations start when they are due, however fast the server is. Closed: when a user's last has ended. */
  readonly kind: 'open' | 'closed';
  readonly description: string;
  readonly exec: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Actual start and end, in seconds since the load started. Null where it never started. */
  readonly ran: Span | null;
}
