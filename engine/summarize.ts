import { availableParallelism, cpus, totalmem } from 'node:os';
import { parseTarget, publicUrl } from './client/target.js';
import { Transport } from './client/transport.js';
import { BUILT_IN, findMetric, type MetricInfo } from './metrics/catalogue.js';
import { SIGNIFICANT_DIGITS } from './metrics/histogram.js';
import type { Ledger } from './metrics/ledger.js';
import { assess } from './metrics/quality.js';
import type { Tags } from './metrics/series.js';
import type { CheckSummary, MetricSummary, Quality, Span, Summary } from './metrics/snapshot.js';
import type { ThresholdResult } from './metrics/thresholds.js';
import { unboundedOf, type View, type Views, valuesOf } from './metrics/values.js';
import type { Plan } from './script/plan.js';
import type { Aim } from './target.js';
import type { Timeline } from './timeline.js';
import { VERSION } from './version.js';

/** All that a summary is made of. */
export interface Concluded {
  readonly plan: Plan;
  readonly timeline: Timeline;
  readonly ledger: Ledger;
  readonly views: Views;
  readonly custom: Readonly<Record<string, MetricInfo>>;
  readonly thresholds: readonly ThresholdResult[];
  readonly aim: Aim;
  readonly workers: number;
  readonly run: Omit<Summary['run'], 'seconds'>;
}

/** Draws up the record of a run. */
export function summarize(concluded: Concluded): Summary {
  const { plan, ledger, views, aim, thresholds, workers, run } = concluded;
  const headline = views.steady ?? views.whole;
  const { whole } = views;
  const inFlight = ledger.total('flow_in_flight_ms', headline.phases);
  return {
    schema: 'tokenswarm/summary',
    version: 1,
    tool: { name: 'tokenswarm', version: VERSION },
    run: { ...run, seconds: whole.window.to / 1000 },
    target: targetOf(aim),
    environment: {
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      memoryBytes: totalmem(),
      workers,
    },
    plan: {
      scenarios: plan.scenarios.map(({ name, executor, description, exec, options }) => {
        return { name, executor, description, exec, options, ran: ranOf(concluded, name) };
      }),
      maxVus: plan.vus,
      seconds: plan.duration / 1000,
    },
    windows: {
      whole: inSeconds(whole),
      steady: views.steady ? inSeconds(views.steady) : null,
      headline: views.steady ? 'steady' : 'whole',
    },
    metrics: metricsOf(concluded),
    requests: {
      tokenSource: tokenSource(ledger, whole),
      censored: ledger.total('llm_censored', whole.phases),
      reconnects: ledger.total('llm_reconnects', whole.phases),
      concurrency: {
        mean: inFlight / Math.max(1, headline.window.to - headline.window.from),
        peakAtMost: ledger.peakInFlight,
      },
    },
    thresholds,
    checks: checksOf(ledger, whole),
    failures: ledger.failures,
    errors: ledger.errors,
    quality: qualityOf(concluded, headline),
    warnings: ledger.warnings,
    histograms: { significantDigits: SIGNIFICANT_DIGITS, relativeError: 10 ** -SIGNIFICANT_DIGITS },
    intervals: ledger.intervals.points(),
  };
}

/** What was aimed at, free of secrets. */
function targetOf({ targets, transport }: Aim): Summary['target'] {
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
    simulated: targets.every(({ simulated }) => simulated),
  };
}
/** Shown in any case, as in k6: how long the requests took that did not fail. */
const EXPECTED_RESPONSES: Plan['submetrics'] = [
  {
    text: 'http_req_duration{expected_response:true}',
    name: 'http_req_duration',
    selector: { expected_response: 'true' },
    window: 'steady',
  },
];

function metricsOf({ plan, ledger, views, custom }: Concluded): Record<string, MetricSummary> {
  const metrics: Record<string, MetricSummary> = {};
  const found = ledger.metrics();
  if (found.has('llm_requests') || found.has('llm_censored')) {
    for (const [name, info] of Object.entries<MetricInfo>(BUILT_IN)) if (info.derived) found.set(name, info);
  }
  for (const [name, info] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const summary = metricOf(ledger, name, info, views, 'steady');
    if (summary) metrics[name] = { ...summary, ...seriesOf(ledger, name, info, views) };
  }
  for (const { text, name, selector, window } of [...EXPECTED_RESPONSES, ...plan.submetrics]) {
    const info = findMetric(name, custom);
    const summary = info && metricOf(ledger, name, info, views, window, selector);
    if (summary) metrics[text] = summary;
  }
  return metrics;
}

function metricOf(
  ledger: Ledger,
  name: string,
  info: MetricInfo,
  views: Views,
  window: 'steady' | 'whole',
  selector?: Tags,
): MetricSummary | undefined {
  const whole = valuesOf(ledger, name, info, views.whole, selector) ?? null;
  const steady = (views.steady && valuesOf(ledger, name, info, views.steady, selector)) ?? null;
  if (!whole && !steady) return undefined;
  const view = (window === 'steady' && views.steady) || views.whole;
  const series = info.derived ? undefined : ledger.merged(name, view.phases, selector);
  const unbounded = unboundedOf(series);
  return {
    type: info.tally ? 'counter' : info.kind,
    contains: info.contains,
    values: (view === views.whole ? whole : steady) ?? {},
    windows: { steady, whole },
    ...(unbounded.length > 0 && { unbounded }),
    ...(series?.kind === 'trend' && { histogram: series.histogram.buckets() }),
  };
}

/**
 * The same by scenario and request name, and by server, where there is more than one of them; the time in groups by
 * group.
 */
function seriesOf(ledger: Ledger, name: string, info: MetricInfo, views: Views): Pick<MetricSummary, 'series'> {
  const ofGroups = name === 'group_duration';
  // What is derived has no series of its own; what it is derived from knows the servers as requests do.
  const ways = info.derived ? [] : [ledger.splits(name, ['scenario', ofGroups ? 'group' : 'name'])];
  ways.push(ledger.splits(info.derived ? 'llm_requests' : name, ['target']).filter(({ target }) => target));
  const splits = ways.filter((way) => way.length > (ofGroups ? 0 : 1)).flat();
  if (splits.length === 0) return {};
  const series = splits.flatMap((tags) => {
    const values = valuesOf(ledger, name, info, views.steady ?? views.whole, tags);
    return values ? [{ tags, values }] : [];
  });
  return { series };
}

function checksOf(ledger: Ledger, whole: View): CheckSummary[] {
  return ledger.splits('checks', ['scenario', 'group', 'check']).map(({ scenario = '', group = '', check = '' }) => {
    const series = ledger.merged('checks', whole.phases, { scenario, group, check });
    const { passes, total } = series?.kind === 'rate' ? series : { passes: 0, total: 0 };
    return { name: check, scenario, group, passes, fails: total - passes };
  });
}

function tokenSource(ledger: Ledger, whole: View): Summary['requests']['tokenSource'] {
  const usage = ledger.total('flow_counted_by_usage', whole.phases);
  const events = ledger.total('flow_counted_by_events', whole.phases);
  if (usage > 0 && events > 0) return 'mixed';
  return usage > 0 ? 'usage' : events > 0 ? 'events' : 'none';
}

/** When a scenario began and ended, or was cut short. */
function ranOf({ timeline, views }: Concluded, scenario: string): Span | null {
  const until = views.whole.window.to;
  const from = timeline.startOf(scenario);
  if (from === undefined || from >= until) return null;
  return { from: from / 1000, to: Math.min(until, timeline.endOf(scenario) ?? until) / 1000 };
}

function qualityOf({ plan, ledger, views, thresholds, run, workers }: Concluded, headline: View): Quality {
  const itl = ledger.merged('llm_itl', headline.phases);
  const { above80, above95 } = ledger.strain;
  const p99 = (metric: string, tags?: Tags) => {
    const series = ledger.merged(metric, headline.phases, tags);
    return series?.kind === 'trend' ? series.histogram.percentile(99) : undefined;
  };
  const delays = Array.from(
    { length: workers },
    (_, worker) => p99('generator_loop_delay', { worker: String(worker) }) ?? 0,
  );
  const whole = (metric: string, tags?: Tags) => ledger.total(metric, views.whole.phases, tags);
  const droppedArrivals = plan.scenarios
    .filter(({ load }) => load.kind === 'open')
    .reduce((sum, { name }) => sum + whole('dropped_iterations', { scenario: name }), 0);
  return assess({
    above80,
    above95,
    loopDelay: Math.max(...delays),
    machineDelay: p99('machine_loop_delay'),
    medianItl: itl?.kind === 'trend' ? itl.histogram.percentile(50) : undefined,
    thresholds,
    steady: views.steady ? views.steady.window.to - views.steady.window.from : 0,
    whole: views.whole.window.to,
    arrivals: whole('flow_arrivals'),
    lateArrivals: whole('flow_late_arrivals'),
    droppedArrivals,
    undoneIterations: whole('dropped_iterations') - droppedArrivals,
    missing: run.missing,
    requests: whole('llm_requests') + whole('http_reqs'),
    censored: whole('llm_censored') + whole('http_censored'),
  });
}

function inSeconds({ window }: View): { readonly from: number; readonly to: number } {
  return { from: window.from / 1000, to: window.to / 1000 };
}
