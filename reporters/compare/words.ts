import type { Change, Comparison, Row, Word } from '../../engine/results/compare/compare.js';
import type { Judged } from '../../engine/results/compare/condition.js';
import { nameOf } from '../../engine/results/compare/differences.js';
import type { Tone } from '../document/document.js';
import { count, NO_NUMBER } from '../format.js';
import { metricValue } from '../metric-value.js';
import { shortOf } from '../run/metric-rows.js';

/** Names of figures that only other tools have, and of a rate. */
const OTHERS: Readonly<Record<string, string>> = {
  tpot_with_ttft: 'TPOT with TTFT',
  http_reqs: 'HTTP/s',
  responses_per_second: 'responses/s',
  response_time: 'response',
  response_failed: 'failed',
};

const nameOfMetric = (metric: string) => OTHERS[metric] ?? shortOf(metric);

/** Label of a row: `TTFT p95`. */
export function labelOf({ metric, key }: Row): string {
  const part = key === 'med' ? 'p50' : key.replace(/^p\((.*)\)$/, 'p$1');
  const label = nameOfMetric(metric);
  return key === 'value' || key === 'rate' ? label : `${label} ${part}`;
}

/** Figure of a run as text. */
export function valueText({ form, key, values }: Row, run: number): string {
  const value = values[run];
  return value === undefined ? NO_NUMBER : metricValue(form, key, value, 'kept');
}

/** Change of a figure: `+5.0%`, or `+0.31pp` (percentage points) for shares. */
export function changeText({ form, key }: Row, { ratio, difference }: Change): string {
  if (isShare(form, key)) return `${signed(100 * difference, 2)}pp`;
  return ratio === undefined ? NO_NUMBER : `${signed(100 * (ratio - 1), 1)}%`;
}

/** Confidence bounds of a change: `+2.1…+8.2%`; empty where unknown. */
export function changeBounds({ form, key }: Row, { bounds, asIfIndependent }: Change): string {
  if (!bounds) return '';
  const [low, high] = bounds;
  const text = isShare(form, key)
    ? `${signed(100 * low, 2)}…${signed(100 * high, 2)}pp`
    : `${signed(100 * (low - 1), 1)}…${signed(100 * (high - 1), 1)}%`;
  return asIfIndependent ? `${text}~` : text;
}

/** Tone of a verdict word: better, worse or neither. */
export function toneOf(word: Word): Tone {
  if (['faster', 'fewer', 'better'].includes(word)) return 'good';
  return ['slower', 'more', 'worse'].includes(word) ? 'bad' : 'muted';
}

/** Notes needed to read the rows, without duplicates. */
export function notesOf({ rows, runs, incomparable }: Comparison): readonly string[] {
  const changes = rows.flatMap((row) => row.changes);
  const some = (test: (change: Change) => boolean) => changes.some((change) => change !== undefined && test(change));
  const apart = incomparable.flatMap((reason, index) =>
    reason === undefined ? [] : [`${nameOf(index + 1)} is not comparable with A: ${reason}`],
  );
  return [
    ...apart,
    ...(rows.some(({ metric }) => metric === 'llm_output_characters_per_second')
      ? ['the models differ, and so do their tokens: compare characters/s']
      : []),
    ...remarksOf(rows),
    ...(some(({ asIfIndependent }) => asIfIndependent)
      ? ['~ bounds assume independent samples, and may be too narrow']
      : []),
    ...(some(({ word }) => word === 'not judged')
      ? ['not judged: too few samples, or a file without bounds, or the rules differ']
      : []),
    ...(runs.length > 1 && some(({ bounds }) => bounds !== undefined)
      ? ['bounds are at 99 % confidence and cover variation within runs, not between them: repeat runs for that']
      : []),
  ];
}

/** Remarks on figures, each once, with the runs that it is about. */
function remarksOf(rows: readonly Row[]): readonly string[] {
  const runsBy = new Map<string, Set<string>>();
  for (const { metric, remarks } of rows) {
    for (const [run, remark] of remarks.entries()) {
      if (remark === undefined) continue;
      const key = JSON.stringify([metric, remark]);
      runsBy.set(key, (runsBy.get(key) ?? new Set()).add(nameOf(run)));
    }
  }
  return Array.from(runsBy, ([key, runs]) => {
    const [metric, remark] = JSON.parse(key) as [string, string];
    return `${metric} of ${[...runs].join(', ')}: ${remark}`;
  });
}

/** Labels of figures that only this run has. A metric stands for all its figures. */
export function aloneOf({ alone, rows }: Comparison, run: number): readonly string[] {
  const own = alone.filter(({ values }) => values[run] !== undefined);
  const isWhole = ({ metric }: Row) => !rows.some((row) => row.metric === metric);
  const labels = own.map((row) => (isWhole(row) ? nameOfMetric(row.metric) : labelOf(row)));
  return [...new Set(labels)];
}

/** Result of a condition: `B +12.1%`. */
export function judgedText({ run, observed, isPercent, mayBeChance }: Judged): string {
  const change = isPercent ? `${signed(observed, 1)}%` : `${observed >= 0 ? '+' : ''}${count(observed)}`;
  return `${nameOf(run)} ${change}${mayBeChance ? ', which may be chance' : ''}`;
}

function isShare(form: Row['form'], key: string): boolean {
  return form.type === 'rate' && key === 'rate';
}

function signed(value: number, digits: number): string {
  const text = Math.abs(value) >= 1000 ? count(Math.round(value)) : value.toFixed(digits);
  // Zero, and anything rounded to it, is +0.0.
  return Number(value.toFixed(digits)) >= 0 ? `+${text.replace('-', '')}` : text;
}
