import type { ResolvedTargets } from '../client/preflight.js';
import type { Aggregator } from '../metrics/aggregator.js';
import type { MetricInfo } from '../metrics/catalogue.js';
import type { Crowd } from '../metrics/quality.js';
import type { Phase } from '../metrics/series.js';
import type { ServerRecord } from '../metrics/server-record.js';
import type { DatasetUse, OperatorAction, Summary } from '../metrics/snapshot.js';
import type { ThresholdResult } from '../metrics/thresholds.js';
import type { Views } from '../metrics/values.js';
import type { Plan } from '../options/plan.js';
import type { Timeline } from '../options/timeline.js';

/** Inputs of a summary. */
export interface SummaryInputs {
  readonly plan: Plan;
  readonly timeline: Timeline;
  readonly aggregator: Aggregator;
  readonly views: Views;
  readonly custom: Readonly<Record<string, MetricInfo>>;
  readonly thresholds: readonly ThresholdResult[];
  readonly resolved: ResolvedTargets;
  readonly workers: number;
  readonly operator: readonly OperatorAction[];
  readonly server: ServerRecord | undefined;
  readonly datasets: readonly DatasetUse[];
  /** Crowd on the machine in phases; undefined without a local server. */
  readonly crowdIn?: (phases: readonly Phase[]) => Crowd | undefined;
  readonly run: Omit<Summary['run'], 'seconds'>;
}
