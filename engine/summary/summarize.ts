import { availableParallelism, cpus, totalmem } from 'node:os';
import type { ResolvedTargets } from '../client/preflight.js';
import { parseTarget, publicUrl } from '../client/target.js';
import { Transport } from '../client/transport/transport.js';
import type { Aggregator } from '../metrics/aggregator.js';
import type { GpuPoint } from '../metrics/gpu-record.js';
import { SIGNIFICANT_DIGITS } from '../metrics/histogram.js';
import type { RequestRow } from '../metrics/locust/request-rows.js';
import type { RowPoint } from '../metrics/locust/row-history.js';
import { assess } from '../metrics/quality.js';
import { readerRecord } from '../metrics/reader-record.js';
import { disagreementOf, serverLoadOf } from '../metrics/server-load.js';
import type { ServerPoint } from '../metrics/server-record.js';
import type { SwimLanes } from '../metrics/session-lanes.js';
import { type Definitions, sampleRecord } from '../metrics/share-record.js';
import type { CheckSummary, RecordedInterval, Span, Summary } from '../metrics/snapshot.js';
import type { View } from '../metrics/values.js';
import { VERSION } from '../version.js';
import { gpuPart } from './gpu-summary.js';
import { impossibleFigures } from './impossible-figures.js';
import { locustView } from './locust-totals.js';
import { metricsOf, splitsInOrder } from './metric-summaries.js';
import { withPlan } from './plan-overlay.js';
import { qualityInputs } from './quality-inputs.js';
import { sessionRecord } from './session-record.js';
import type { RecordedPlan, RecordInputs, SummaryInputs } from './summary-inputs.js';
import { disagreement, disbelief, onePiece, tokenSource } from './token-counts.js';

/** Points over time of a record. */
export interface Curves {
  readonly intervals: readonly RecordedInterval[];
  readonly server: readonly ServerPoint[];
  readonly gpu: readonly GpuPoint[];
  readonly lanes?: SwimLanes | undefined;
  /** History of a row, in Locust's terms. */
  readonly rows: (row: RequestRow) => readonly RowPoint[];
}

/** Builds the record of a run. */
export function summarize(inputs: SummaryInputs): Summary {
  const { aggregator, server, gpu } = inputs;
  return summarizeWith(inputs, {
    intervals: withPlan(aggregator.intervals.points(), inputs),
    server: server?.points ?? [],
    gpu: gpu?.points ?? [],
    lanes: aggregator.lanes.lanes,
    rows: (row) => aggregator.rowHistory.points(row),
  });
}

/** Builds the record of a run with these points over time. */
export function summarizeWith(inputs: RecordInputs, curves: Curves): Summary {
  const { plan, aggregator, views, resolved, thresholds, workers, operator, server, gpu, datasets, run } = inputs;
  const headline = views.steady ?? views.whole;
  const { whole } = views;
  const tokens = tokenSource(aggregator, whole, plan.options.tokenizer !== undefined);
  const metrics = metricsOf(inputs);
  const inFlight = aggregator.total('flow_in_flight_ms', headline.phases);
  const concurrency = inFlight / Math.max(1, headline.window.to - headline.window.from);
  const load = server ? serverLoadOf(server.points, headline.window) : null;
  const serverDisagreement = disagreementOf(concurrency, load, headline.window);
  const reader = readerRecord(aggregator.readers);
  const target = labelled(targetOf(resolved), aggregator.total('flow_simulated', whole.phases));
  const sessions = sessionRecord(aggregator, whole, { metrics, target, labels: run.labels });
  return {
    schema: 'tokenswarm/summary',
    version: 1,
    tool: { name: 'tokenswarm', version: VERSION },
    run: { ...run, seconds: whole.window.to / 1000 },
    target,
    ...(server && { server: { ...server, points: curves.server } }),
    ...gpuPart(gpu, aggregator, headline, curves.gpu),
    environment: {
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      memoryBytes: totalmem(),
      workers,
    },
    ...(reader && { reader }),
    plan: {
      scenarios: plan.scenarios.map(({ name, executor, load, description, exec, options }) => {
        return { name, executor, kind: load.kind, description, exec, options, ran: ranOf(inputs, name) };
      }),
      maxVus: plan.vus,
      seconds: plan.duration / 1000,
    },
    windows: windowsOf(inputs),
    ...shownOf(plan),
    metrics,
    requests: {
      ...tokens,
      censored: aggregator.total('llm_censored', whole.phases),
      reconnects: aggregator.total('llm_reconnects', whole.phases),
      concurrency: { mean: concurrency, peakAtMost: aggregator.peakInFlight },
    },
    ...(sessions && { sessions: { ...sessions, ...(curves.lanes && { lanes: curves.lanes }) } }),
    ...(datasets.length > 0 && { datasets }),
    thresholds,
    checks: checksOf(plan, aggregator, whole),
    failures: aggregator.failures,
    errors: aggregator.errors,
    ...(operator.length > 0 && { operator }),
    quality: assess({
      ...qualityInputs(inputs, headline),
      impossible: impossibleFigures(metrics),
      disagreement: serverDisagreement,
    }),
    warnings: [...aggregator.warnings, ...onePiece(tokens), ...disbelief(tokens), ...disagreement(tokens)],
    histograms: { significantDigits: SIGNIFICANT_DIGITS, relativeError: 10 ** -SIGNIFICANT_DIGITS },
    intervals: curves.intervals,
    locust: locustView(aggregator, whole, curves.rows),
    ...(run.share && { samples: sampleRecord(aggregator, definitionsOf(inputs)) }),
  };
}

function windowsOf({ plan, views }: RecordInputs): Summary['windows'] {
  return {
    whole: inSeconds(views.whole),
    steady: views.steady ? inSeconds(views.steady) : null,
    headline: views.steady ? 'steady' : 'whole',
    ...(plan.isK6 && { rule: 'k6' as const }),
  };
}

function shownOf({
  options: { summaryTrendStats: stats, summaryTimeUnit: unit },
}: RecordedPlan): Pick<Summary, 'shown'> {
  return stats || unit ? { shown: { ...(stats && { stats }), ...(unit && { unit }) } } : {};
}

function definitionsOf({ plan, custom }: RecordInputs): Definitions {
  const { thresholds, submetrics, options } = plan;
  return { custom, thresholds, submetrics, hasTokenizer: options.tokenizer !== undefined };
}

/** Target of the run, free of secrets. */
export function targetOf({ targets, transport }: ResolvedTargets): Summary['target'] {
  const [first] = targets;
  if (!first) return null;
  const way = new Transport(transport);
  const baseUrls = [...new Set(targets.map(({ baseUrl }) => publicUrl(baseUrl)))];
  const proxies = new Set(targets.map((target) => way.routeTo(parseTarget(target).origin).proxy?.shown));
  const proxy = [...proxies].filter((shown) => shown !== undefined).join(', ');
  return {
    baseUrl: baseUrls.join(', '),
    ...(baseUrls.length > 1 && { baseUrls }),
    ...(proxy !== '' && { proxy }),
    model: first.model,
    // One simulator among several servers is enough: figures that it had a part in are not measured.
    simulated: targets.some(({ simulated }) => simulated),
    ...(first.simulates && { simulates: first.simulates }),
  };
}

/** Marks a target as simulated by its answers. For targets not probed before the load. */
function labelled(target: Summary['target'], simulatedRequests: number): Summary['target'] {
  return target && simulatedRequests > 0 ? { ...target, simulated: true } : target;
}

/** Results of every check. */
export function checksOf(plan: Pick<RecordedPlan, 'scenarios'>, aggregator: Aggregator, whole: View): CheckSummary[] {
  return splitsInOrder(plan, aggregator, 'checks', ['scenario', 'group', 'check']).map(
    ({ scenario = '', group = '', check = '' }) => {
      const series = aggregator.merged('checks', whole.phases, { scenario, group, check });
      const { passes, total } = series?.kind === 'rate' ? series : { passes: 0, total: 0 };
      return { name: check, scenario, group, passes, fails: total - passes };
    },
  );
}

/** Time span of a scenario, to its end or interruption. */
function ranOf({ timeline, views }: RecordInputs, scenario: string): Span | null {
  const until = views.whole.window.to;
  const from = timeline.startOf(scenario);
  if (from === undefined || from >= until) return null;
  return { from: from / 1000, to: Math.min(until, timeline.endOf(scenario) ?? until) / 1000 };
}

function inSeconds({ window }: View): { readonly from: number; readonly to: number } {
  return { from: window.from / 1000, to: window.to / 1000 };
}
