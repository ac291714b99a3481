import { count, duration, NO_NUMBER } from '../format.js';
import { padLeft, padRight, safeText, shorten, widest } from '../terminal-text.js';
import { fewSamples, isTooFew } from './sample-size.js';
import { INDENT, type Page, section } from './section.js';

const time = (ms: number) => duration(ms, 'kept');

/** Columns: title, metric, value key, and formatter. */
const COLUMNS: readonly (readonly [title: string, metric: string, key: string, write: (value: number) => string])[] = [
  ['requests', 'llm_requests', 'count', count],
  ['failed', 'llm_failed', 'passes', count],
  ['TTFT p50', 'llm_ttft', 'med', time],
  ['TTFT p95', 'llm_ttft', 'p(95)', time],
  ['tokens/s', 'llm_output_tokens_per_second', 'value', count],
];

interface Cell {
  readonly text: string;
  /** Mark behind the figure. */
  readonly mark: string;
}

/** Figures of each server, where there are several. */
export function byTarget(page: Page): readonly string[] {
  const { metrics } = page.summary;
  const targets = (metrics.llm_requests?.series ?? []).flatMap(({ tags }) => tags.target ?? []).sort();
  const rows = targets.map((target) => ({ label: safeText(target), cells: cellsOf(page, target) }));
  const widths = COLUMNS.map(([title], column) =>
    widest([title, ...rows.map(({ cells }) => cells[column]?.text ?? '')]),
  );
  const room = page.width - INDENT.length - widths.reduce((sum, width) => sum + width + 3, 0);
  const labels = widest(rows.map(({ label }) => label));
  const line = (label: string, cells: readonly Cell[]) => {
    const figures = cells.map(({ text, mark }, column) => `  ${padLeft(text, widths[column] ?? 0)}${mark}`).join('');
    return `${INDENT}${padRight(label, Math.min(labels, room))}${figures}`.trimEnd();
  };
  const lines = rows.flatMap(({ label, cells }) =>
    // Names too long to leave room for the figures get a line of their own.
    labels <= room ? [line(label, cells)] : [INDENT + shorten(label, page.width - INDENT.length), line('', cells)],
  );
  if (lines.length === 0) return [];
  const head = COLUMNS.map(([title]) => ({ text: title, mark: ' ' }));
  return section(page, 'SERVERS', [page.paint.dim(line('', head)), ...lines]);
}

function cellsOf(page: Page, target: string): readonly Cell[] {
  return COLUMNS.map(([, metric, key, write]) => {
    const { series } = page.summary.metrics[metric] ?? {};
    const values = series?.find(({ tags }) => tags.target === target)?.values;
    const value = values?.[key];
    if (value === undefined) return { text: NO_NUMBER, mark: ' ' };
    const isMarked = metric === 'llm_ttft' && isTooFew(values?.count ?? 0, key);
    return { text: write(value), mark: isMarked ? page.paint.yellow(fewSamples(page)) : ' ' };
  });
}
