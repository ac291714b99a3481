import type { Summary, Values } from '../../engine/metrics/snapshot.js';
import { count, percent } from '../format.js';
import { figuresOf, nameOf } from '../metric-rows.js';
import { metricValue } from './metric-value.js';
import { dotted, INDENT, type Page, type Row, section } from './section.js';

/** Request and token rates, concurrency, and token totals. */
export function throughput(page: Page): readonly string[] {
  const { summary } = page;
  const ended = summary.metrics.llm_requests?.values.count ?? 0;
  // A scenario of plain HTTP has a section of its own.
  if (ended === 0 && summary.requests.censored === 0 && summary.metrics.http_reqs) return [];
  const lines =
    ended > 0
      ? dotted(page, page.isFull ? [...speed(summary), ...totals(summary, ended)] : brief(summary, ended))
      : nothing(page);
  return section(page, 'THROUGHPUT', lines);
}

function nothing(page: Page): readonly string[] {
  const { windows, requests } = page.summary;
  const where = windows.headline === 'steady' ? 'the steady state' : 'the run';
  const none = `${INDENT}no LLM request ended in ${where}`;
  return requests.censored === 0 ? [none] : [none, '', ...dotted(page, unfinished(page.summary))];
}

/** Rates, goodput and requests: what a short summary shows. */
function brief(summary: Summary, ended: number): readonly Row[] {
  const [requests] = totals(summary, ended);
  return [...plain(summary, 'brief'), ...goodput(summary), ...(requests ? [requests] : []), ...unfinished(summary)];
}

/** LLM metrics whose rows have notes. */
const NOTED = ['llm_requests', 'llm_failed', 'llm_good', 'llm_input_tokens', 'llm_output_tokens'];

/** Rows of the other LLM metrics. */
function plain({ metrics }: Summary, view: 'brief' | 'full'): readonly Row[] {
  return figuresOf(view).flatMap(({ label, metric: name, key }) => {
    const metric = metrics[name];
    const value = metric?.values[key];
    if (!metric || value === undefined || !name.startsWith('llm_') || NOTED.includes(name)) return [];
    return [{ label, value: metricValue(metric, key, value) }];
  });
}

function speed(summary: Summary): readonly Row[] {
  const { mean, peakAtMost } = summary.requests.concurrency;
  return [
    ...plain(summary, 'full'),
    ...goodput(summary),
    { label: 'concurrency', value: count(mean), note: `peak at most ${count(peakAtMost)}` },
  ];
}

function goodput(summary: Summary): readonly Row[] {
  const values = summary.metrics.llm_good?.values;
  if (values?.rate === undefined) return [];
  const { passes, total } = tallied(values);
  return [{ label: 'goodput', value: percent(values.rate), note: `${count(passes)} of ${count(total)} met every SLO` }];
}

function totals(summary: Summary, ended: number): readonly Row[] {
  const failures = summary.metrics.llm_failed?.values;
  const failed = failures ? tallied(failures).passes : 0;
  const share = failed === 0 ? '' : ` (${percent(failed / ended)})`;
  return [
    {
      label: 'requests',
      value: count(ended),
      note: `${count(ended - failed)} succeeded, ${count(failed)} failed${share}`,
    },
    ...unfinished(summary),
    ...tokens(summary, 'llm_input_tokens'),
    ...tokens(summary, 'llm_output_tokens'),
  ];
}

function unfinished({ requests }: Summary): readonly Row[] {
  if (requests.censored === 0) return [];
  return [{ label: 'unfinished', value: count(requests.censored), note: 'in flight at the end' }];
}

/** Total and rate of a token metric. Its count is the number of tokens, not of samples. */
function tokens(summary: Summary, name: string): readonly Row[] {
  const values = summary.metrics[name]?.values;
  if (values?.count === undefined) return [];
  const row = { label: nameOf(name), value: count(values.count) };
  return [values.avg === undefined ? row : { ...row, note: `${count(values.avg)} a request` }];
}

function tallied({ passes = 0, fails = 0 }: Values): { readonly passes: number; readonly total: number } {
  return { passes, total: passes + fails };
}
