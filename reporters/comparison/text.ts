import type { Comparison } from '../../engine/results/compare/compare.js';
import type { Judged } from '../../engine/results/compare/condition.js';
import { nameOf } from '../../engine/results/compare/differences.js';
import { type Paint, paint } from '../paint.js';
import { padLeft, padRight, safeText, widest, wrap } from '../terminal-text.js';
import { aloneOf, changeBounds, changeText, judgedText, labelOf, notesOf, toneOf, valueText } from './words.js';

const WIDTH = 80;

/** Comparison as text: each run against the first, notes, then conditions. */
export function comparisonText(
  comparison: Comparison,
  judged: readonly Judged[],
  options: { color?: boolean } = {},
): string {
  const style = paint(options.color ?? false);
  const { runs, warnings } = comparison;
  const heads = runs.map(({ file, tool, window }, index) => {
    const of = window === 'steady' ? 'steady state' : 'whole run';
    return `  ${style.bold(nameOf(index))}  ${safeText(file)} ${style.dim(`${tool}, ${of}`)}`;
  });
  const tables = runs
    .slice(1)
    .map((_, index) => [style.bold(`  █ ${nameOf(index + 1)} AGAINST A`), '', ...tableOf(comparison, index, style)]);
  const sections = [
    heads,
    ...tables,
    only(comparison, style),
    listed(style.bold('  █ THE RUNS DIFFER'), warnings, style.yellow('!')),
    listed(style.bold('  █ HOW TO READ THIS'), notesOf(comparison), style.dim('-')),
    conditions(judged, style),
  ];
  return `\n${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n\n`;
}

function tableOf({ rows }: Comparison, other: number, style: Paint): readonly string[] {
  const cells = rows.flatMap((row) => {
    const change = row.changes[other];
    if (!change) return [];
    const texts = [
      labelOf(row),
      valueText(row, 0),
      valueText(row, other + 1),
      changeText(row, change),
      changeBounds(row, change),
    ];
    return [{ texts, word: change.word }];
  });
  if (cells.length === 0) return ['    no figure is in both runs'];
  const head = ['', 'A', nameOf(other + 1), 'change', 'bounds'];
  const widths = head.map((title, column) => widest([title, ...cells.map(({ texts }) => texts[column] ?? '')]));
  const line = ([label = '', ...figures]: readonly string[]) =>
    `  ${padRight(label, widths[0] ?? 0)}${figures.map((text, index) => `  ${padLeft(text, widths[index + 1] ?? 0)}`).join('')}`;
  const colors = { good: style.green, bad: style.red, none: style.dim };
  return [
    style.dim(line(head).trimEnd()),
    ...cells.map(({ texts, word }) => `${line(texts)}  ${colors[toneOf(word)](word)}`),
  ];
}

/** Figures that only one run has. */
function only(comparison: Comparison, style: Paint): readonly string[] {
  return comparison.runs.flatMap((_, run) => {
    const labels = aloneOf(comparison, run);
    if (labels.length === 0) return [];
    return wrap(`only in ${nameOf(run)}: ${labels.join(', ')}`, WIDTH - 4).map((line) => style.dim(`  ${line}`));
  });
}

function listed(title: string, texts: readonly string[], mark: string): readonly string[] {
  if (texts.length === 0) return [];
  const lines = texts.flatMap((text) =>
    wrap(safeText(text), WIDTH - 6).map((part, index) => (index === 0 ? `    ${mark} ${part}` : `      ${part}`)),
  );
  return [title, '', ...lines];
}

function conditions(judged: readonly Judged[], style: Paint): readonly string[] {
  if (judged.length === 0) return [];
  const lines = judged.map((each) => {
    const text = `${safeText(each.text)}  ${judgedText(each)}`;
    return each.crossed ? `    ${style.red(`✗ ${text}`)}` : `    ${style.green('✓')} ${text}`;
  });
  return [style.bold('  █ CONDITIONS'), '', ...lines];
}
