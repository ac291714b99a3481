import type { Advice, Alternatives } from '../../engine/results/advise/advice.js';
import { listed } from '../benchmark/text.js';
import { count } from '../format.js';
import { type Paint, paint } from '../paint.js';
import { padLeft, padRight, safeText, widest, wrap } from '../terminal-text.js';
import {
  alternativesName,
  answerNotes,
  answerText,
  explanation,
  headroomText,
  isOpen,
  LIMITS,
  loadText,
  money,
  shareText,
  verdictText,
} from './words.js';

const WIDTH = 100;

/** Advice as text: the answer, alternatives, reasons, impossible options and assumptions. */
export function adviceText(advice: Advice, options: { color?: boolean } = {}): string {
  const style = paint(options.color ?? false);
  const { alternatives, objectives, assumptions, warnings, leftOut } = advice;
  const head = `  ${style.bold(loadText(advice))} within ${objectives.map(({ text }) => safeText(text)).join(', ')}`;
  const sections = [
    [head],
    alternatives.flatMap((each) => answer(each, advice, style)),
    ...alternatives.flatMap((each) => [table(each, advice, style), reasons(each, style), notPossible(each, style)]),
    listed(style.bold('  █ ASSUMPTIONS'), assumptions, style.dim('-')),
    listed(style.bold('  █ CAVEATS'), warnings, style.yellow('!')),
    listed(
      style.bold('  █ LEFT OUT'),
      leftOut.map(({ file, why }) => `${file}: ${why}`),
      style.yellow('!'),
    ),
  ];
  return `\n${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n\n`;
}

function answer(alternatives: Alternatives, advice: Advice, style: Paint): readonly string[] {
  const text = answerText(alternatives, advice.asked.prices?.currency ?? '');
  const model = safeText(alternatives.model);
  if (text !== undefined) {
    const mark = alternatives.options.slice(0, 1).some(isOpen) ? style.yellow('!') : style.green('✓');
    const notes = answerNotes(alternatives, advice).flatMap((note) => wrap(safeText(note), WIDTH - 4));
    return [`  ${mark} ${model}: ${safeText(text)}`, ...notes.map((line) => `    ${line}`)];
  }
  const source = alternatives.source === 'roofline' ? 'estimated' : alternatives.source;
  return [`  ${style.red('✗')} ${model}: no deployment that is ${source} meets this`];
}

function table(alternatives: Alternatives, { asked }: Advice, style: Paint): readonly string[] {
  const { options } = alternatives;
  if (options.length === 0) return [];
  const currency = asked.prices?.currency ?? '';
  const { unit } = asked.load;
  const priced = options.some(({ costPerHour }) => costPerHour !== undefined);
  const each = unit === 'users' ? 'users' : 'req/s';
  const head = [
    ...['', 'replicas', 'cards', ...(priced ? ['an hour', 'per Mtok'] : [])],
    ...[`${each} each`, 'at most', 'headroom', 'within limits', 'limited by'],
  ];
  const rows = options.map((option) => [
    safeText(option.name),
    count(option.replicas),
    count(option.cards),
    ...(priced ? [money(option.costPerHour, currency), money(option.costPerMillion, currency)] : []),
    shareText(unit, option.load),
    shareText(unit, option.limit),
    headroomText(option),
    verdictText(option),
    LIMITS[option.limitation.limit],
  ]);
  const widths = head.map((_, column) => widest([head, ...rows].map((row) => row[column] ?? '')));
  const last = head.length - 2;
  const lines = [head, ...rows].map((row, index) => {
    const cells = row.map((cell, column) =>
      (column === 0 || column >= last ? padRight : padLeft)(cell, widths[column] ?? 0),
    );
    const line = `    ${cells.join('  ')}`.trimEnd();
    return index === 0 ? style.dim(line) : line;
  });
  return [`${style.bold('  █ ALTERNATIVES')}  ${safeText(alternativesName(alternatives))}`, '', ...lines];
}

function reasons(alternatives: Alternatives, style: Paint): readonly string[] {
  const { options } = alternatives;
  if (options.length === 0) return [];
  const lines = options.flatMap((option) => [
    `    ${style.bold(safeText(option.name))}`,
    ...explanation(option).flatMap((text) => wrapped(text, style.dim('-'))),
  ]);
  return [`${style.bold('  █ WHY')}  ${safeText(alternativesName(alternatives))}`, '', ...lines];
}

function notPossible(alternatives: Alternatives, style: Paint): readonly string[] {
  const { impossible } = alternatives;
  if (impossible.length === 0) return [];
  const lines = impossible.flatMap(({ name, why }) => [
    `    ${style.red('✗')} ${safeText(name)}`,
    ...why.flatMap((text) => wrapped(text, style.dim('-'))),
  ]);
  return [`${style.bold('  █ NOT POSSIBLE')}  ${safeText(alternativesName(alternatives))}`, '', ...lines];
}

function wrapped(text: string, mark: string): readonly string[] {
  return wrap(safeText(text), WIDTH - 8).map((part, index) =>
    index === 0 ? `      ${mark} ${part}` : `        ${part}`,
  );
}
