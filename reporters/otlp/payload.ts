import type { Tags } from '../../engine/metrics/series.js';
import { VERSION } from '../../engine/version.js';
import { exponential } from '../exported/exponential.js';
import type { ExportedMetric, ExportedUnit, HistogramMetric } from '../exported/metric.js';

/** Facts that every point shares. */
export interface PayloadFacts {
  /** Attributes of the resource. */
  readonly resource: Tags;
  /** Milliseconds since 1970 of the load's start, and of this look. */
  readonly startedAt: number;
  readonly now: number;
}

/** AGGREGATION_TEMPORALITY_CUMULATIVE of the protocol. */
const CUMULATIVE = 2;

/** Units by UCUM, where ours differ. */
const UNITS: Readonly<Partial<Record<ExportedUnit, string>>> = { ratio: '1' };

/** Largest value that counts as zero. Half of our smallest step. */
const ZERO = 0.5e-3;

/**
 * Body of an export request, in OTLP's JSON. Distributions are exponential histograms. 64-bit
 * integers are texts there. Source: opentelemetry-proto, metrics.proto.
 */
export function otlpPayload(metrics: readonly ExportedMetric[], facts: PayloadFacts): object {
  const times = { startTimeUnixNano: nano(facts.startedAt), timeUnixNano: nano(facts.now) };
  return {
    resourceMetrics: [
      {
        resource: { attributes: attributes(facts.resource) },
        scopeMetrics: [
          {
            scope: { name: 'tokenswarm', version: VERSION },
            metrics: metrics.map((metric) => {
              const { name, help: description, unit } = metric;
              return { name, description, unit: UNITS[unit] ?? unit, ...data(metric, times) };
            }),
          },
        ],
      },
    ],
  };
}

function data(metric: ExportedMetric, times: object): object {
  if (metric.kind === 'histogram') {
    const dataPoints = metric.points.map((point) => ({ ...histogramPoint(point), ...times }));
    return { exponentialHistogram: { aggregationTemporality: CUMULATIVE, dataPoints } };
  }
  const dataPoints = metric.points.map(({ labels, value }) => {
    return { attributes: attributes(labels), asDouble: value, ...times };
  });
  if (metric.kind === 'gauge') return { gauge: { dataPoints } };
  return { sum: { aggregationTemporality: CUMULATIVE, isMonotonic: true, dataPoints } };
}

function histogramPoint({ labels, value }: HistogramMetric['points'][number]): object {
  const { scale, zeroCount, offset, counts } = exponential(value);
  return {
    attributes: attributes(labels),
    count: String(value.count),
    sum: value.sum,
    ...(value.count > 0 && { min: value.min, max: value.max }),
    scale,
    zeroCount: String(zeroCount),
    zeroThreshold: ZERO,
    positive: { offset, bucketCounts: counts.map(String) },
  };
}

function attributes(labels: Tags): readonly object[] {
  return Object.entries(labels).map(([key, value]) => ({ key, value: { stringValue: value } }));
}

function nano(milliseconds: number): string {
  return `${Math.round(milliseconds)}000000`;
}
