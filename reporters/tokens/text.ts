import type { TokenComparison, TokenizerResult } from '../../engine/tokens/token-comparison.js';
import { amount, count, NO_NUMBER } from '../format.js';
import { type Paint, paint } from '../paint.js';
import { padLeft, padRight, safeText, widest } from '../terminal-text.js';

/** Columns after the name: heading and figure. */
const COLUMNS: readonly (readonly [head: string, figure: (result: TokenizerResult) => string])[] = [
  ['tokens', ({ tokens }) => count(tokens)],
  ['chars/token', ({ charactersPerToken }) => fraction(charactersPerToken)],
  ['Chinese', ({ chinesePerToken }) => fraction(chinesePerToken)],
  ['other', ({ otherPerToken }) => fraction(otherPerToken)],
  ['against first', ({ ratio }) => (ratio === undefined ? NO_NUMBER : `×${ratio.toFixed(3)}`)],
];

/** Token counts of one text by several models, as a table. */
export function tokensText({ file, size, results }: TokenComparison, options: { color?: boolean } = {}): string {
  const style = paint(options.color ?? false);
  const { texts, characters, chinese, leftOut = 0 } = size;
  const made = `${amount(texts, 'text')}, ${amount(characters, 'character')}: ${count(chinese)} Chinese, ${count(characters - chinese)} other`;
  const silent = leftOut > 0 ? `, ${amount(leftOut, 'conversation')} without a human left out` : '';
  const lines = [
    `  ${style.bold(safeText(file))}  ${style.dim(made + silent)}`,
    '',
    ...table(results, style),
    '',
    ...notes(results),
  ];
  return `\n${lines.join('\n')}\n\n`;
}

function table(results: readonly TokenizerResult[], style: Paint): readonly string[] {
  const names = results.map(({ name }) => safeText(name));
  const rows = results.map((result) => COLUMNS.map(([, figure]) => figure(result)));
  const heads = COLUMNS.map(([head]) => head);
  const nameWidth = widest(['tokenizer', ...names]);
  const widths = heads.map((head, column) => widest([head, ...rows.map((row) => row[column] ?? '')]));
  const line = (name: string, cells: readonly string[]) =>
    `    ${padRight(name, nameWidth)}${cells.map((cell, column) => `  ${padLeft(cell, widths[column] ?? 0)}`).join('')}`;
  return [style.dim(line('tokenizer', heads)), ...rows.map((row, index) => line(names[index] ?? '', row))];
}

function notes(results: readonly TokenizerResult[]): readonly string[] {
  const [first, ...others] = results;
  const [most] = others.toSorted((a, b) => distance(b) - distance(a));
  const means =
    first && most?.ratio
      ? [
          `    100 tokens/s of ${safeText(first.name)} are as much text as ${count(Math.round(1000 * most.ratio) / 10)} tokens/s of ${safeText(most.name)}:`,
          '    compare models by characters a second, not by tokens a second.',
        ]
      : [];
  const doubts = results.flatMap((each) =>
    (each.doubts ?? []).map((doubt) => `    ! ${safeText(each.name)}: ${doubt}`),
  );
  return ['    Chinese and other: characters for each token, of that part of the text alone.', ...means, ...doubts];
}

/** Distance from an equal count, in either direction. */
function distance({ ratio = 1 }: TokenizerResult): number {
  return Math.abs(Math.log(ratio));
}

function fraction(value: number | undefined): string {
  return value === undefined ? NO_NUMBER : value.toFixed(2);
}
