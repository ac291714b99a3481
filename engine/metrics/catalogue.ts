import { flowMetrics } from './flow-metrics.js';
import { httpMetrics } from './http-metrics.js';
import { llmMetrics } from './llm-metrics.js';
import type { MetricInfo } from './metric-info.js';
import { runMetrics } from './run-metrics.js';

export type { BuiltInMetric, Contains, MetricInfo, MetricKind } from './metric-info.js';

/** Built-in metrics in the order of tables. */
export const BUILT_IN = { ...llmMetrics, ...httpMetrics, ...runMetrics, ...flowMetrics } as const;

/** The name of a metric that the engine records by itself. */
export type BuiltInName = keyof typeof BUILT_IN;

/** The rule for names of user metrics, as in k6. */
export const METRIC_NAME = /^[a-zA-Z_][a-zA-Z0-9_]{0,127}$/;

/** Looks a metric up among the built-in and then the user's. */
export function findMetric(name: string, custom: Readonly<Record<string, MetricInfo>>): MetricInfo | undefined {
  const builtIn: Readonly<Record<string, MetricInfo>> = BUILT_IN;
  if (Object.hasOwn(builtIn, name)) return builtIn[name];
  return Object.hasOwn(custom, name) ? custom[name] : undefined;
}
