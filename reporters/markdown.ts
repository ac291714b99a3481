import type { MetricSummary, Summary } from '../engine/metrics/snapshot.js';
import { stateOf } from '../engine/metrics/thresholds.js';
import { simulationText } from './console/head.js';
import { formOf, metricValue } from './console/metric-value.js';
import { count, duration, NO_NUMBER } from './format.js';
import { figuresOf, latenciesOf } from './metric-rows.js';
import { serverDisagreement, serverFigures } from './server-figures.js';
import { safeText } from './terminal-text.js';

const STATISTICS = ['avg', 'med', 'p(90)', 'p(95)', 'p(99)', 'max'];

/** Marks of thresholds. One without samples is never a pass. */
const MARKS = { passed: '✅', empty: NO_NUMBER, crossed: '❌', unmeasured: '❌' } as const;

/** Most failures and failed checks shown. */
const MOST_ROWS = 20;

/** Summary in GitHub's Markdown, for a CI step or a comment. */
export function markdown(summary: Summary): string {
  const sections = [
    head(summary),
    thresholds(summary),
    latencies(summary),
    throughput(summary),
    server(summary),
    checks(summary),
    failures(summary),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function head({ run, target, thresholds: judged, quality, windows }: Summary): readonly string[] {
  const crossed = judged.filter(({ ok }) => !ok).length;
  const states = judged.map(stateOf);
  const passed = states.filter((state) => state === 'passed').length;
  const empty = states.filter((state) => state === 'unmeasured' || state === 'empty').length;
  const unmeasured = empty === 0 ? '' : `, ${empty} without samples`;
  const isGood = run.outcome === 'completed' && run.reason === undefined && crossed === 0;
  const verdict = [
    `${run.outcome}${run.reason === undefined ? '' : `: ${run.reason}`}`,
    judged.length === 0 ? 'no thresholds set' : `${passed} of ${judged.length} thresholds passed${unmeasured}`,
    `the numbers are ${quality.verdict}`,
  ];
  const against =
    target === null
      ? ''
      : ` against ${target.model} at ${target.baseUrl}${target.simulated ? ` (${simulationText(target)})` : ''}`;
  const window = windows.headline === 'steady' ? 'the steady state' : 'the whole run';
  return [
    `### ${isGood && quality.verdict !== 'invalid' ? '✅' : '❌'} ${escaped(run.scenario)}`,
    '',
    `${escaped(verdict.join('; '))}.`,
    '',
    escaped(`${duration(run.seconds * 1000)} from ${run.startedAt}${against}. Figures are of ${window}.`),
    ...[...run.missing.map((part) => `missing: ${part}`), ...quality.reasons].flatMap((text) => [
      '',
      `> ${escaped(text)}`,
    ]),
  ];
}

function thresholds(summary: Summary): readonly string[] {
  return table(
    ['threshold', 'observed', ''],
    summary.thresholds.map((result) => {
      const { metric, source, observed } = result;
      const key = (/^[^<>=!]*/.exec(source)?.[0] ?? '').trim();
      const value = observed === undefined ? 'no samples' : metricValue(formOf(summary, metric), key, observed);
      return [`${metric}: ${source}`, value, MARKS[stateOf(result)]];
    }),
  );
}

function latencies(summary: Summary): readonly string[] {
  const { metrics } = summary;
  const rows = latenciesOf(summary, 'sent', 'http').flatMap(({ label, metric: name }) => {
    const metric: MetricSummary | undefined = metrics[name];
    if (!metric || metric.values.avg === undefined) return [];
    return [[label, ...STATISTICS.map((key) => timeOf(metric, key))]];
  });
  return table(['latency', ...STATISTICS], rows);
}

function timeOf({ values }: MetricSummary, key: string): string {
  const value = values[key];
  return value === undefined ? NO_NUMBER : duration(value, 'kept');
}

function throughput({ metrics }: Summary): readonly string[] {
  const rows = figuresOf('brief').flatMap(({ label, metric: name, key }) => {
    const metric = metrics[name];
    const value = metric?.values[key];
    return metric && value !== undefined ? [[label, metricValue(metric, key, value)]] : [];
  });
  return table(['throughput', ''], rows);
}

function server(summary: Summary): readonly string[] {
  const said = serverDisagreement(summary);
  const rows = serverFigures(summary).map(({ label, value, note }) => {
    return [label, note === undefined ? value : `${value}, ${note}`];
  });
  return [...table(['server', ''], rows), ...(said === undefined ? [] : ['', `> ${escaped(said)}`])];
}

function checks({ checks: all }: Summary): readonly string[] {
  const rows = all.map(({ scenario, group, name, passes, fails }) => {
    return [`${scenario} ${group}`.trim(), name, count(passes), count(fails), fails === 0 ? '✅' : '❌'];
  });
  return table(['checks of', 'check', 'passed', 'failed', ''], rows);
}

function failures({ failures: requests, errors }: Summary): readonly string[] {
  const rows = [
    ...requests.map(({ name, kind, message, count: times }) => [name, kind, message, count(times)]),
    ...errors.map(({ where, message, count: times }) => [where ?? 'script', 'script', message, count(times)]),
  ];
  return table(['failures of', 'kind', 'message', 'times'], rows);
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`;
  const left = rows.length - MOST_ROWS;
  return [
    line(heads),
    `| ${heads.map(() => '---').join(' | ')} |`,
    ...rows.slice(0, MOST_ROWS).map(line),
    ...(left > 0 ? ['', `… and ${count(left)} more`] : []),
  ];
}

/** Text escaped for one cell, free of Markdown and HTML. */
function escaped(text: string): string {
  return safeText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*_[\]|~#]/g, '\\$&');
}
