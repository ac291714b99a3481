import type { ResolvedTargets } from '../client/preflight.js';
import type { Load } from '../executors/load.js';
import type { Aggregator } from '../metrics/aggregator.js';
import type { MetricInfo } from '../metrics/catalogue.js';
import type { GpuInfo, GpuPoint } from '../metrics/gpu-record.js';
import type { Crowd } from '../metrics/quality.js';
import type { Phase } from '../metrics/series.js';
import type { ServerRecord } from '../metrics/server-record.js';
import type { DatasetUse, OperatorAction, Summary } from '../metrics/snapshot.js';
import type { ThresholdResult } from '../metrics/thresholds.js';
import type { Views } from '../metrics/values.js';
import type { Plan, ScenarioPlan } from '../options/plan.js';
import type { Timeline } from '../options/timeline.js';

/** Form of HTTP and own distributions that a summary is asked for. */
interface Shown {
  readonly summaryTrendStats?: readonly string[] | undefined;
  readonly summaryTimeUnit?: 's' | 'ms' | 'us' | undefined;
}

/** Plan as far as a record shows it. */
export interface RecordedPlan extends Pick<Plan, 'vus' | 'duration' | 'thresholds' | 'submetrics'> {
  readonly scenarios: readonly (Pick<ScenarioPlan, 'name' | 'description' | 'exec' | 'options'> & {
    readonly executor: string;
    readonly load: Pick<Load, 'kind'>;
  })[];
  readonly options: { readonly tokenizer?: string | undefined } & Shown;
  /** True for a script of k6, which has no steady state. */
  readonly isK6?: boolean;
}

/** Inputs of a summary with its points over time. */
export interface RecordInputs {
  readonly plan: RecordedPlan;
  readonly timeline: Pick<Timeline, 'startOf' | 'endOf'>;
  readonly aggregator: Aggregator;
  readonly views: Views;
  readonly custom: Readonly<Record<string, MetricInfo>>;
  readonly thresholds: readonly ThresholdResult[];
  readonly resolved: ResolvedTargets;
  readonly workers: number;
  readonly operator: readonly OperatorAction[];
  readonly server: ServerRecord | undefined;
  /** The cards with their points over time. Absent where they were not watched. */
  readonly gpu?: GpuInfo & { readonly points: readonly GpuPoint[] };
  readonly datasets: readonly DatasetUse[];
  /** Crowd on the machine in phases; undefined without a local server. */
  readonly crowdIn?: (phases: readonly Phase[]) => Crowd | undefined;
  readonly run: Omit<Summary['run'], 'seconds'>;
}

/** Inputs of the summary of a run. */
export interface SummaryInputs extends RecordInputs {
  readonly plan: Plan;
  readonly timeline: Timeline;
}
