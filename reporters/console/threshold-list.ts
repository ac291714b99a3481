import { stateOf, type ThresholdResult } from '../../engine/metrics/thresholds.js';
import { NO_NUMBER } from '../format.js';
import { padRight, safeText, shorten, widest } from '../terminal-text.js';
import { formOf, metricValue } from './metric-value.js';
import { fewSamples, isTooFew } from './sample-size.js';
import { INDENT, type Page, section } from './section.js';

const LONGEST_CONDITION = 32;

/** Thresholds by metric, with the observed values. */
export function thresholdList(page: Page): readonly string[] {
  const { thresholds } = page.summary;
  const groups = new Map<string, ThresholdResult[]>();
  for (const result of thresholds) {
    const title = safeText(result.metric) + windowNote(page, result);
    groups.set(title, [...(groups.get(title) ?? []), result]);
  }
  const conditionWidth = widest(thresholds.map(condition));
  if (!page.isFull) return section(page, 'THRESHOLDS', brief(page, [...groups], conditionWidth));
  const lines = [...groups].flatMap(([title, results]) => [
    INDENT + shorten(title, page.width - INDENT.length),
    ...results.map((result) => thresholdLine(page, result, conditionWidth)),
  ]);
  return section(page, 'THRESHOLDS', lines);
}

/** Thresholds on one line each, the metric before its condition. */
function brief(
  page: Page,
  groups: readonly (readonly [title: string, results: readonly ThresholdResult[]])[],
  conditionWidth: number,
): readonly string[] {
  const longest = page.width - INDENT.length - conditionWidth - 24;
  const titles = Math.min(longest, widest(groups.map(([title]) => title)));
  return groups.flatMap(([title, results]) =>
    results.map((result) => {
      const { mark, rest } = thresholdParts(page, result, conditionWidth);
      return `${INDENT}${mark} ${padRight(shorten(title, titles), titles)}  ${rest}`;
    }),
  );
}

/** Window of a threshold, unless that of the headline or the selector. */
function windowNote(page: Page, { metric, window }: ThresholdResult): string {
  return window === page.summary.windows.headline || metric.includes('window:') ? '' : ` {window:${window}}`;
}

function thresholdLine(page: Page, result: ThresholdResult, conditionWidth: number): string {
  const { mark, rest } = thresholdParts(page, result, conditionWidth);
  return `${INDENT}  ${mark} ${rest}`;
}

function thresholdParts(page: Page, result: ThresholdResult, conditionWidth: number) {
  const { green, red } = page.paint;
  const mark = stateOf(result) === 'empty' ? NO_NUMBER : result.ok ? green('✓') : red('✗');
  const observed = observedText(page, result);
  return { mark, rest: `${padRight(condition(result), conditionWidth)}  ${result.ok ? observed : red(observed)}` };
}

function observedText(page: Page, { metric, source, observed, samples }: ThresholdResult): string {
  if (observed === undefined) return '(no samples)';
  const key = aggregationOf(source);
  const mark = isTooFew(samples, key) ? fewSamples(page) : '';
  return `${key}=${metricValue(formOf(page.summary, metric), key, observed)}${mark}`;
}

function condition({ source }: ThresholdResult): string {
  return shorten(safeText(source), LONGEST_CONDITION);
}

/** `p(95)` of `p(95) < 500`. */
function aggregationOf(source: string): string {
  return (/^[^<>=!]*/.exec(source)?.[0] ?? '').replace(/\s/g, '');
}
