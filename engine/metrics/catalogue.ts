import { didYouMean } from '../errors.js';
import { flowMetrics } from './flow-metrics.js';
import { httpMetrics } from './http-metrics.js';
import { llmMetrics } from './llm-metrics.js';
import type { MetricInfo } from './metric-info.js';
import { runMetrics } from './run-metrics.js';
import { sessionMetrics } from './session-metrics.js';

export type { BuiltInMetric, Contains, MetricInfo, MetricKind } from './metric-info.js';

/** Built-in metrics in the order of tables. */
export const BUILT_IN = { ...llmMetrics, ...sessionMetrics, ...httpMetrics, ...runMetrics, ...flowMetrics } as const;

/** The name of a metric that the engine records by itself. */
export type BuiltInName = keyof typeof BUILT_IN;

type LlmName = keyof typeof llmMetrics;

/** Metric whose samples are figures of LLM requests. */
type FigureMetric = {
  [Name in LlmName]: (typeof llmMetrics)[Name] extends { figure: string } ? Name : never;
}[LlmName];

/** Figure of an LLM request that is a metric. */
export type LlmFigure = (typeof llmMetrics)[FigureMetric]['figure'];

const isFigure = (metric: LlmName): metric is FigureMetric => 'figure' in llmMetrics[metric];

/** Metrics of LLM requests by their figures. */
export const LLM_FIGURES: readonly { readonly metric: FigureMetric; readonly figure: LlmFigure }[] = (
  Object.keys(llmMetrics) as LlmName[]
)
  .filter(isFigure)
  .map((metric) => ({ metric, figure: llmMetrics[metric].figure }));

/** Problem of an unknown metric. For `ttft` it suggests `llm_ttft`. */
export function unknownMetric(name: string, custom: Readonly<Record<string, MetricInfo>>): string {
  const shown = Object.entries<MetricInfo>(BUILT_IN).filter(([, { hidden }]) => !hidden);
  const names = [...shown.map(([each]) => each), ...Object.keys(custom)];
  const prefixed = [`llm_${name}`, `http_${name}`, `http_req_${name}`].find((each) =>
    names.includes(each.toLowerCase()),
  );
  return `there is no metric called ${name}${didYouMean(prefixed ?? name, names)}`;
}

/** The rule for names of user metrics, as in k6. */
export const METRIC_NAME = /^[a-zA-Z_][a-zA-Z0-9_]{0,127}$/;

/** Looks a metric up among the built-in and then the user's. */
export function findMetric(name: string, custom: Readonly<Record<string, MetricInfo>>): MetricInfo | undefined {
  const builtIn: Readonly<Record<string, MetricInfo>> = BUILT_IN;
  if (Object.hasOwn(builtIn, name)) return builtIn[name];
  return Object.hasOwn(custom, name) ? custom[name] : undefined;
}
