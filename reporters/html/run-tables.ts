import type { Summary } from '../../engine/metrics/snapshot.js';
import { stateOf, type ThresholdState } from '../../engine/metrics/thresholds.js';
import { formOf, metricValue } from '../console/metric-value.js';
import { drawn } from '../dataset-use.js';
import { bytes, count, duration, NO_NUMBER, percent } from '../format.js';
import { figuresOf } from '../metric-rows.js';
import { serverFigures } from '../server-figures.js';
import { type Content, html, type Markup } from './markup.js';
import { figure, table, text } from './table.js';

const VERDICTS: Readonly<Record<ThresholdState, Content>> = {
  passed: html`<span class="good">✓ passed</span>`,
  crossed: html`<span class="bad">✗ failed</span>`,
  empty: html`${NO_NUMBER} not measured`,
  unmeasured: html`<span class="bad">✗ not measured</span>`,
};

/** Table of thresholds, with the observed values. */
export function thresholdTable(summary: Summary): Markup {
  const rows = summary.thresholds.map((result) => {
    const { metric, source, observed, window, samples } = result;
    const key = (/^[^<>=!]*/.exec(source)?.[0] ?? '').replace(/\s/g, '');
    const value = observed === undefined ? 'no samples' : metricValue(formOf(summary, metric), key, observed);
    const of =
      window === summary.windows.headline ? undefined : `of the ${window === 'whole' ? 'whole run' : 'steady state'}`;
    return [
      metric,
      text(source),
      text(html`${value}${of && html`<small>${of}</small>`}`),
      text(VERDICTS[stateOf(result)]),
      figure(count(samples)),
    ] as const;
  });
  return table('Thresholds', ['metric', 'condition', 'observed', 'result', 'samples'], rows);
}

/** Table with the figures of the servers themselves. */
export function serverTable(summary: Summary): Markup {
  const rows = serverFigures(summary).map(({ label, value, note }) => {
    return [label, text(html`${value}${note && html`<small>${note}</small>`}`)] as const;
  });
  return table('Server, as it reports', [], rows);
}

/** Table of checks. */
export function checkTable({ checks }: Summary): Markup {
  const rows = checks.map(({ name, scenario, group, passes, fails }) => {
    const place = [scenario, ...group.split('::').slice(1)].filter(Boolean).join(' › ');
    const mark = fails === 0 ? html`<span class="good">✓</span>` : html`<span class="bad">✗</span>`;
    const share = percent(passes / Math.max(1, passes + fails));
    return [
      html`${mark} ${name}<small>${place}</small>`,
      figure(share),
      figure(count(passes)),
      figure(count(fails)),
    ] as const;
  });
  return table('Checks', ['', 'held', 'passes', 'fails'], rows);
}

/** Table of failed requests by kind, with the last message of each. */
export function failureTable({ failures }: Summary): Markup {
  const rows = failures
    .toSorted((a, b) => b.count - a.count)
    .map((group) => {
      const { scenario, name, target, kind, status, message, firstAt, lastAt } = group;
      const place = [scenario, name, target].filter(Boolean).join(' › ');
      const when = `${duration(firstAt)} to ${duration(lastAt)}`;
      return [
        html`${[kind, status].filter(Boolean).join(' ')}`,
        figure(count(group.count)),
        text(html`${place}<pre>${message}</pre>`),
        figure(when),
      ] as const;
    });
  return table('Failures', ['kind', 'times', 'where', 'when'], rows);
}

/** Table of the script's exceptions, by place. */
export function errorTable({ errors }: Summary): Markup {
  const rows = errors.map(({ scenario, message, where, stack, count: times }) => {
    return [where ?? scenario, figure(count(times)), text(html`${message}<pre>${stack}</pre>`)] as const;
  });
  return table('Script errors', ['where', 'times', 'what'], rows);
}

/** Table of totals and rates. */
export function throughputTable({ metrics, requests, windows }: Summary): Markup {
  const { mean, peakAtMost } = requests.concurrency;
  const rows = figuresOf('full').flatMap(({ label, metric: name, key }) => {
    const metric = metrics[name];
    const value = (values: Record<string, number> | null) =>
      metric && values?.[key] !== undefined ? metricValue(metric, key, values[key]) : '';
    const shown = metric && [metric.windows.steady, metric.windows.whole].map(value);
    return shown?.some((figure) => figure !== '') ? [[label, ...shown.map((content) => figure(content))] as const] : [];
  });
  if (rows.length === 0) return html``;
  const unit = [['requests in flight', figure(`${count(mean)}, at most ${count(peakAtMost)}`), figure('')] as const];
  const head = ['', windows.steady ? 'steady state' : '', 'whole run'];
  return table('Throughput', head, requests.tokenSource === 'none' ? rows : [...rows, ...unit]);
}

/** Table of plan, actual times, target and environment. */
export function planTable({ plan, run, target, environment, tool, datasets = [] }: Summary): Markup {
  const scenarios = plan.scenarios.map(({ name, executor, description, options, ran }) => {
    const span = ran ? `${duration(ran.from * 1000)} to ${duration(ran.to * 1000)}` : 'never began';
    return [
      name,
      text(html`${description}<small>${executor} ${JSON.stringify(options)}</small>`),
      figure(span),
    ] as const;
  });
  const tags = (title: string, all: Summary['run']['tags']): [string, string][] =>
    Object.entries(all).map(([name, value]) => [`${title} ${name}`, value]);
  const facts: readonly (readonly [string, Content])[] = [
    ['scenario file', run.scenario],
    ['started', run.startedAt],
    ['outcome', `${run.outcome}${run.reason === undefined ? '' : `: ${run.reason}`}, exit code ${run.exitCode}`],
    ['seed', String(run.seed)],
    ...tags('label', run.labels),
    ...tags('tag', run.tags),
    ...(target
      ? ([
          ['server', (target.baseUrls ?? [target.baseUrl]).join(', ')],
          ['model', target.model],
          ...(target.proxy === undefined ? [] : [['proxy', target.proxy]]),
        ] as [string, string][])
      : []),
    ...datasets.map((use) => {
      const { value, note } = drawn(use);
      return [`prompts of ${use.file}`, `${value}: ${note}`] as const;
    }),
    ['generator', `${tool.name} ${tool.version}, ${environment.workers} worker${environment.workers === 1 ? '' : 's'}`],
    ['machine', `${environment.cpu}, ${environment.cores} cores, ${bytes(environment.memoryBytes)}`],
    ['system', `${environment.platform}, Node ${environment.node}`],
  ];
  return html`${table('Plan', ['scenario', 'load', 'ran'], scenarios)}${table(
    'Target and environment',
    [],
    facts.map(([label, content]) => [label, text(content)] as const),
  )}`;
}
