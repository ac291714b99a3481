import { basename } from 'node:path';
import { BUILT_IN } from '../../engine/metrics/catalogue.js';
import type { MetricSummary, Summary } from '../../engine/metrics/snapshot.js';
import { figure, type Medium, type Row, type Section, text } from '../document/document.js';
import { count, duration, NO_NUMBER, percent } from '../format.js';
import { baseName, metricValue } from '../metric-value.js';
import { FEW_SAMPLES, isTooFew } from '../sample-size.js';
import { drawn } from './dataset-use.js';
import { type Fact, factOf, facts } from './facts.js';
import { gpuFigures } from './gpu-figures.js';
import { TREND_COLUMNS, trendRow } from './latency.js';
import { figureLabel, figuresOf, nameOf, shortOf } from './metric-rows.js';
import { serverDisagreement, serverFigures } from './server-figures.js';
import { wholeRun } from './words.js';

const ALL: readonly Medium[] = ['short', 'text', 'html', 'markdown'];
const LONG: readonly Medium[] = ['text', 'html'];

/** Metrics of requests whose rows have notes. */
const NOTED = ['llm_requests', 'llm_failed', 'llm_good', 'llm_input_tokens', 'llm_output_tokens'];

/** Rates, goodput, concurrency, requests and tokens. A page has both windows. */
export function throughputSection(summary: Summary): Section {
  const { metrics, requests, windows } = summary;
  const ended = metrics.llm_requests?.values.count ?? 0;
  const isSteady = windows.headline === 'steady';
  const brief = new Set(figuresOf('brief').map(({ metric, key }) => `${metric} ${key}`));
  const wholeOf = (metric: string, key: string) => {
    const value = metrics[metric]?.windows.whole?.[key];
    return value === undefined ? undefined : metricValue(metrics[metric]!, key, value);
  };
  const plain = figuresOf('full').flatMap(({ label, metric: name, key }): Row[] => {
    const metric = metrics[name];
    const value = metric?.values[key];
    const isLlm = name.startsWith('llm_');
    if (!metric || value === undefined || NOTED.includes(name) || (isLlm && ended === 0)) return [];
    const isBrief = brief.has(`${name} ${key}`);
    const only = (isBrief ? ALL : LONG).filter((medium) => isLlm || medium === 'html' || medium === 'markdown');
    return [{ cells: [label, metricValue(metric, key, value), undefined, wholeOf(name, key)], only }];
  });
  const [all, ...rest] = ended > 0 ? totals(summary, ended) : [];
  const whole = (row: Row, metric: string, key: string): Row => ({
    ...row,
    cells: [...row.cells, wholeOf(metric, key)],
  });
  const rows = [
    ...plain,
    ...(ended > 0 ? goodput(summary).map((row) => whole(row, 'llm_good', 'rate')) : []),
    ...(ended > 0 ? [concurrency(summary)] : []),
    ...(all ? [whole(all, 'llm_requests', 'count')] : []),
    ...(requests.censored > 0 ? [unfinished(summary)] : []),
    ...rest,
  ];
  const isHttp = ended === 0 && requests.censored === 0 && metrics.http_reqs !== undefined;
  const none = `no LLM request ended in ${isSteady ? 'the steady state' : 'the run'}`;
  const columns = [
    text(''),
    figure(isSteady ? 'steady state' : 'whole run'),
    text(''),
    figure('whole run', isSteady ? 'html' : []),
  ];
  return {
    title: 'Throughput',
    blocks: [
      ...(ended > 0 || isHttp || plain.length > 0 ? [] : [{ kind: 'paragraph', text: none } as const]),
      { kind: 'table', isDotted: true, columns, rows },
    ],
  };
}

function goodput({ metrics }: Summary): readonly Row[] {
  const { rate, passes = 0, fails = 0 } = metrics.llm_good?.values ?? {};
  if (rate === undefined) return [];
  return [{ cells: ['goodput', percent(rate), `${count(passes)} of ${count(passes + fails)} met every SLO`] }];
}

function concurrency({ requests }: Summary): Row {
  const { mean, peakAtMost } = requests.concurrency;
  return { cells: ['concurrency', count(mean), `peak at most ${count(peakAtMost)}`], only: LONG };
}

function unfinished({ requests }: Summary): Row {
  return { cells: ['unfinished', count(requests.censored), 'in flight at the end'] };
}

/** Requests that ended, then tokens. Their count is no number of samples. */
function totals({ metrics }: Summary, ended: number): readonly Row[] {
  const failed = metrics.llm_failed?.values.passes ?? 0;
  const share = failed === 0 ? '' : ` (${percent(failed / ended)})`;
  const tokens = ['llm_input_tokens', 'llm_output_tokens'].flatMap((name): Row[] => {
    const { count: sum, avg } = metrics[name]?.values ?? {};
    if (sum === undefined) return [];
    return [{ cells: [nameOf(name), count(sum), avg === undefined ? '' : `${count(avg)} a request`], only: LONG }];
  });
  return [
    { cells: ['requests', count(ended), `${count(ended - failed)} succeeded, ${count(failed)} failed${share}`] },
    ...tokens,
  ];
}

/** Figures of the servers themselves. */
export function serverSection(summary: Summary): Section {
  const said = serverDisagreement(summary);
  return {
    ...{ title: 'Server', aside: 'as it reports', only: ['text', 'html', 'markdown'] },
    blocks: [
      facts(serverFigures(summary).map(({ label, value, note }) => [label, value, note])),
      ...(said === undefined ? [] : [{ kind: 'paragraph', text: said, only: 'markdown' } as const]),
    ],
  };
}

/** Figures of the cards behind the servers. */
export function gpuSection(summary: Summary): Section {
  return {
    ...{ title: 'Cards', only: ['text', 'html', 'markdown'] },
    blocks: [facts(gpuFigures(summary))],
  };
}

/** Columns by server: metric and value key. */
const BY_TARGET: readonly (readonly [metric: string, key: string])[] = [
  ['llm_requests', 'count'],
  ['llm_failed', 'passes'],
  ['llm_ttft', 'med'],
  ['llm_ttft', 'p(95)'],
  ['llm_output_tokens_per_second', 'value'],
];

/** Figures of each server, where there are several. */
export function targetSection({ metrics }: Summary): Section {
  const targets = (metrics.llm_requests?.series ?? []).flatMap(({ tags }) => tags.target ?? []).sort();
  const rows = targets.map((target): Row => {
    const cells = BY_TARGET.map(([name, key]) => {
      const metric = metrics[name];
      const values = metric?.series?.find(({ tags }) => tags.target === target)?.values;
      const value = values?.[key];
      if (!metric || value === undefined) return NO_NUMBER;
      const mark = name === 'llm_ttft' && isTooFew(values?.count ?? 0, key) ? FEW_SAMPLES : undefined;
      return { text: metricValue(metric, key, value, 'kept'), mark };
    });
    return { cells: [target, ...cells] };
  });
  const columns = [text(''), ...BY_TARGET.map(([metric, key]) => figure(figureLabel(metric, key, shortOf(metric))))];
  return { title: 'Servers', blocks: [{ kind: 'table', isEven: true, columns, rows }] };
}

/** Plain HTTP metrics to show, in k6's order. Request phases appear only when a threshold names them. */
const HTTP = ['http_req_duration', 'http_req_failed', 'http_reqs', 'http_censored'];

/** Plain HTTP metrics as in k6's summary, each with submetrics of thresholds. */
export function httpSection({ metrics, shown }: Summary): Section {
  const parts = Object.keys(metrics).filter((name) => name.startsWith('http_') && name !== baseName(name));
  const asked = parts.map(baseName).filter((name) => !HTTP.includes(name));
  const rowsOf = (label: string, metric: MetricSummary | undefined): readonly Fact[] => {
    const found = metric ? factOf(label, metric, shown) : [];
    return metric && found.length === 0 ? [[label, '(no samples)']] : found;
  };
  const rows = [...HTTP, ...new Set(asked)].flatMap((name) => [
    ...rowsOf(name, metrics[name]),
    ...parts
      .filter((part) => baseName(part) === name)
      .flatMap((part) => rowsOf(`  { ${part.slice(part.indexOf('{') + 1, part.lastIndexOf('}'))} }`, metrics[part])),
  ]);
  return { title: 'HTTP', only: ['short', 'text'], blocks: [facts(rows)] };
}

/** Custom metrics of the script. Single values, then distributions, each with its submetrics. */
export function customSection({ metrics, shown }: Summary): Section {
  const custom = Object.entries(metrics)
    .filter(([name]) => !Object.hasOwn(BUILT_IN, baseName(name)))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const labelled = custom.map(([name, metric]) => {
    return [name === baseName(name) ? name : `  ${name.slice(name.indexOf('{'))}`, metric] as const;
  });
  // The table has columns of its own; statistics that were asked for are on a line.
  const isRow = ({ type }: MetricSummary) => type === 'trend' && !shown;
  const single = labelled.flatMap(([label, metric]) => (isRow(metric) ? [] : factOf(label, metric, shown)));
  const trends = labelled.flatMap(([label, metric]) => (isRow(metric) ? trendRow(label, metric) : []));
  return {
    ...{ title: 'Custom metrics', only: ['short', 'text', 'html'] },
    blocks: [facts(single), { kind: 'table', isEven: true, columns: TREND_COLUMNS, rows: trends }],
  };
}

/** Metrics of the load generator, in this order. */
const EXECUTION = [
  ...['iterations', 'iteration_duration', 'iteration_lateness', 'vus', 'vus_max'],
  ...['interrupted_iterations', 'dropped_iterations', 'data_received', 'data_sent'],
];

/** Statistics of its distributions. */
const IN_EXECUTION = ['avg', 'min', 'med', 'p(95)', 'max'];

/** Work of the load generator, always over the whole run. A short summary has what was not run as planned. */
export function executionSection(summary: Summary): Section {
  const { metrics, requests, plan, datasets = [], shown } = summary;
  const measured = EXECUTION.flatMap((name): Row[] => {
    const metric = metrics[name];
    const whole = metric?.windows.whole ?? metric?.values;
    const isMissed = /^(interrupted|dropped)_/.test(name) && (metric?.windows.whole?.count ?? 0) > 0;
    const found = metric ? factOf(name, { ...metric, values: whole ?? {} }, { stats: IN_EXECUTION, ...shown }) : [];
    return found.map((cells) => ({ cells, only: isMissed ? ['short', ...LONG] : LONG }));
  });
  const rows: readonly Row[] = [
    ...(plan.scenarios.length < 2 ? [] : plan.scenarios).map(({ name, description, ran }): Row => {
      const span = ran ? `${duration(ran.from * 1000)} to ${duration(ran.to * 1000)}` : 'never began';
      return { cells: [`scenario ${name}`, span, description], only: 'text' };
    }),
    ...measured,
    ...datasets.map((use): Row => {
      const { value, note } = drawn(use);
      return { cells: [`prompts of ${basename(use.file)}`, value, note], only: LONG };
    }),
    ...(requests.reconnects === 0 ? [] : [{ cells: ['reconnects', count(requests.reconnects)], only: LONG }]),
  ];
  return { title: 'Execution', aside: wholeRun(summary), only: ['short', 'text', 'html'], blocks: [facts(rows)] };
}
