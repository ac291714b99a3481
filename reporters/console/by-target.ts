import { NO_NUMBER } from '../format.js';
import { figureLabel, shortOf } from '../metric-rows.js';
import { padLeft, padRight, safeText, shorten, widest } from '../terminal-text.js';
import { metricValue } from './metric-value.js';
import { fewSamples, isTooFew } from './sample-size.js';
import { INDENT, type Page, section } from './section.js';

/** Columns: metric and value key. */
const COLUMNS: readonly (readonly [metric: string, key: string])[] = [
  ['llm_requests', 'count'],
  ['llm_failed', 'passes'],
  ['llm_ttft', 'med'],
  ['llm_ttft', 'p(95)'],
  ['llm_output_tokens_per_second', 'value'],
];

const TITLES = COLUMNS.map(([metric, key]) => figureLabel(metric, key, shortOf(metric)));

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
  const widths = TITLES.map((title, column) => widest([title, ...rows.map(({ cells }) => cells[column]?.text ?? '')]));
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
  const head = TITLES.map((title) => ({ text: title, mark: ' ' }));
  return section(page, 'SERVERS', [page.paint.dim(line('', head)), ...lines]);
}

function cellsOf(page: Page, target: string): readonly Cell[] {
  return COLUMNS.map(([name, key]) => {
    const metric = page.summary.metrics[name];
    const values = metric?.series?.find(({ tags }) => tags.target === target)?.values;
    const value = values?.[key];
    if (!metric || value === undefined) return { text: NO_NUMBER, mark: ' ' };
    const isMarked = name === 'llm_ttft' && isTooFew(values?.count ?? 0, key);
    return {
      text: metricValue(metric, key, value, 'kept'),
      mark: isMarked ? page.paint.yellow(fewSamples(page)) : ' ',
    };
  });
}
