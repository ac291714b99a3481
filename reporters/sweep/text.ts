import type { Figures, Level } from '../../engine/results/sweep/level.js';
import type { Sweep } from '../../engine/results/sweep/sweep.js';
import type { LevelSeries } from '../../engine/results/sweep/table.js';
import { compactCount, NO_NUMBER, shortDuration } from '../format.js';
import { type Paint, paint } from '../paint.js';
import { padLeft, padRight, safeText, widest, wrap } from '../terminal-text.js';
import { type Bar, bars } from './bars.js';
import { COLUMNS, hasConditions, isMixed, metText, numbersText } from './columns.js';
import { capacityTexts, notesOf, type Statement } from './words.js';

/** Appearance of the text. */
export interface SweepTextOptions {
  readonly color?: boolean;
  readonly ascii?: boolean;
  /** Columns of the terminal. */
  readonly width?: number;
  /** Tables and charts only, for intermediate output. */
  readonly brief?: boolean;
}

const HEAD = 11;

/** Sweep as text: a table and two charts per series, and notes. */
export function sweepText(sweep: Sweep, options: SweepTextOptions = {}): string {
  const { color = false, ascii = false, width = 100, brief = false } = options;
  const style = paint(color);
  const columns = Math.max(60, Math.min(width, 120));
  const verdicts = sweep.capacity ? capacityTexts(sweep.capacity, sweep.series) : [];
  const sections = [
    brief ? [] : head(sweep, style),
    ...sweep.series.map((series) => seriesLines(sweep, series, columns, style)),
    ...sweep.series.map((series) => charts(sweep, series, columns, ascii, style)),
    said(style.bold('  █ CAPACITY'), verdicts, columns, style),
    said(style.bold('  █ HOW TO READ THIS'), brief ? [] : notesOf(sweep), columns, style),
  ];
  const shown = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return shown.length === 0 ? '' : `\n${shown.join('\n\n')}\n\n`;
}

function head({ asked, target, labels, runs }: Sweep, style: Paint): readonly string[] {
  const done = runs.filter(({ state }) => state === 'done').length;
  const named = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  const where = target && `${target.baseUrl}, model ${target.model}${target.simulated ? ' (simulated)' : ''}`;
  const rows = [
    ['scenario', asked.scenario ?? ''],
    ['target', where ?? ''],
    ['labels', named.join(', ')],
    ['runs', done === runs.length ? `${done}` : `${done} of ${runs.length} done`],
  ] as const;
  return rows.flatMap(([label, text]) =>
    text === '' ? [] : [`  ${style.dim(padRight(label, HEAD))}${safeText(text)}`],
  );
}

/** Row of the table: figures right-aligned, words left-aligned. */
interface Row {
  readonly label: string;
  readonly figures: Figures;
  readonly words: readonly string[];
  readonly isAside: boolean;
}

function seriesLines(sweep: Sweep, { name, levels }: LevelSeries, width: number, style: Paint): readonly string[] {
  const several = levels.some(({ runs }) => runs.length > 1);
  const heads = ['numbers', ...(hasConditions(sweep) ? [sweep.capacity ? 'SLO' : 'thresholds'] : [])];
  const rows = levels.flatMap((level) => rowsOf(sweep, level));
  const title = name === '' ? `AGAINST ${safeText(sweep.axis)}` : safeText(name);
  return [
    style.bold(`  █ ${title}${several ? ', median of the runs of a level' : ''}`),
    '',
    ...tableLines(sweep.axis, heads, rows, width).map((line, index) => {
      const row = rows[index - 1];
      if (!row || row.isAside) return style.dim(line);
      return row.words.some((word) => word.startsWith('invalid') || word === 'missed') ? style.red(line) : line;
    }),
  ];
}

function rowsOf(sweep: Sweep, level: Level): readonly Row[] {
  const label = level.values[sweep.axis] ?? '';
  const words = [numbersText(level, isMixed(sweep)), ...(hasConditions(sweep) ? [metText(level, sweep)] : [])];
  const aside = (which: 'least' | 'most'): Row => ({ label: which, figures: level[which], words: [], isAside: true });
  const row = { label, figures: level.median, words, isAside: false };
  return level.runs.length < 2 ? [row] : [row, aside('least'), aside('most')];
}

/** Head and rows, with as many columns as fit. */
function tableLines(axis: string, heads: readonly string[], rows: readonly Row[], width: number): readonly string[] {
  let columns = COLUMNS;
  for (;;) {
    const cells = [
      [axis, ...columns.map(({ head: of }) => of)],
      ...rows.map((row) => [row.label, ...columns.map(({ of }) => of(row.figures))]),
    ];
    const words = [heads, ...rows.map((row) => row.words)];
    const widths = (all: readonly (readonly string[])[]) =>
      (all[0] ?? []).map((_, column) => widest(all.map((line) => safeText(line[column] ?? ''))));
    const [right, left] = [widths(cells), widths(words)];
    const lines = cells.map((line, index) => {
      const figures = line.map((cell, column) => padLeft(safeText(cell), right[column] ?? 0)).join('  ');
      const said = (words[index] ?? []).map((cell, column) => padRight(cell, left[column] ?? 0)).join('  ');
      return `  ${figures}  ${said}`.trimEnd();
    });
    const [next] = columns
      .filter(({ leaves }) => leaves !== undefined)
      .sort((a, b) => (a.leaves ?? 0) - (b.leaves ?? 0));
    if (!next || widest(lines) <= width) return lines;
    columns = columns.filter((column) => column !== next);
  }
}

/** Throughput and TTFT as bars, side by side where there is room. */
function charts(
  sweep: Sweep,
  { name, levels }: LevelSeries,
  width: number,
  ascii: boolean,
  style: Paint,
): readonly string[] {
  if (levels.length < 2) return [];
  const of = (key: 'outputTokensPerSecond' | 'ttftP95', write: (value: number) => string) =>
    levels.map(({ values, median }): Bar => {
      const value = median[key];
      return { label: values[sweep.axis] ?? '', value, text: value === undefined ? NO_NUMBER : write(value) };
    });
  // Of all series, so that their bars can be compared.
  const most = (key: 'outputTokensPerSecond' | 'ttftP95') =>
    Math.max(0, ...sweep.series.flatMap((series) => series.levels.map(({ median }) => median[key] ?? 0)));
  const suffix = name === '' ? '' : `, ${safeText(name)}`;
  const half = Math.floor((width - 6) / 2);
  const beside = half >= 32;
  const each = beside ? half : width - 4;
  const left = bars(
    `█ OUTPUT TOKENS/S${suffix}`,
    of('outputTokensPerSecond', compactCount),
    most('outputTokensPerSecond'),
    each,
    ascii,
  );
  const right = bars(`█ TTFT P95${suffix}`, of('ttftP95', shortDuration), most('ttftP95'), each, ascii);
  const bold = (line: string, index: number) => (index === 0 ? style.bold(line) : line);
  if (!beside) return [...left.map(bold), '', ...right.map(bold)].map((line) => `  ${line}`.trimEnd());
  return left.map((line, index) => `  ${bold(line, index)}  ${bold(right[index] ?? '', index)}`.trimEnd());
}

function said(title: string, all: readonly Statement[], width: number, style: Paint): readonly string[] {
  if (all.length === 0) return [];
  const marks = { good: style.green('✓'), doubtful: style.yellow('!'), bad: style.red('✗'), plain: style.dim('-') };
  const lines = all.flatMap(({ tone, text }) =>
    wrap(safeText(text), width - 6).map((part, index) =>
      index === 0 ? `    ${marks[tone]} ${part}` : `      ${part}`,
    ),
  );
  return [title, '', ...lines];
}
