import type { Comparison } from '../../engine/results/compare/compare.js';
import type { ComparedRun } from '../../engine/results/compare/compared-run.js';
import type { Judged } from '../../engine/results/compare/condition.js';
import { nameOf } from '../../engine/results/compare/differences.js';
import {
  chartSection,
  figure,
  listSection,
  QUALITY,
  type Report,
  type Section,
  tableSection,
  text,
  verdict,
} from '../document/document.js';
import { amount } from '../format.js';
import { distributionCharts, timeCharts } from './charts.js';
import { aloneOf, changeBounds, changeText, judgedText, labelOf, notesOf, toneOf, valueText } from './words.js';

/** Runs against the first, with overlaid curves. */
export function comparisonReport(comparison: Comparison, judged: readonly Judged[]): Report {
  const { runs, warnings } = comparison;
  const alone = runs.flatMap((_, run) => {
    const labels = aloneOf(comparison, run);
    return labels.length > 0 ? [`only in ${nameOf(run)}: ${labels.join(', ')}`] : [];
  });
  // Above the figures on a page, and below them in a terminal, whose end is read first.
  const differ = listSection('The runs differ', 'doubtful', warnings);
  const others = runs.slice(1).map((_, index) => index);
  const crossed = judged.filter((each) => each.crossed).length;
  const answer = crossed > 0 ? `${crossed} of ${judged.length} conditions failed` : 'All conditions passed';
  return {
    name: 'comparison',
    title: amount(runs.length, 'run'),
    simulated: runs.map(({ facts }) => facts.target?.startsWith('the simulator') === true),
    sections: [
      {
        title: '',
        blocks: judged.length > 0 ? [verdict(crossed > 0 ? 'bad' : 'good', answer)] : [],
        only: ['html', 'markdown'],
      },
      runSection(runs),
      { ...differ, only: 'html' },
      ...others.map((other) => figureSection(`${nameOf(other + 1)} against A`, comparison, [other])),
      { ...figureSection('Figures', comparison, others), only: 'html' },
      listSection('Only in one', 'muted', alone),
      { ...differ, only: ['text', 'markdown'] },
      listSection('How to read this', 'muted', notesOf(comparison)),
      tableSection(
        'Conditions',
        [text('condition'), text('observed')],
        judged.map((each) => ({ cells: [each.text, judgedText(each)], tone: each.crossed ? 'bad' : 'good' })),
        { isMarked: true },
      ),
      chartSection('Over time', "since the start of each run's load", timeCharts(runs)),
      chartSection('Distributions', 'shares of all samples, in bins of equal width', distributionCharts(runs)),
    ],
  };
}

function runSection(runs: readonly ComparedRun[]): Section {
  const columns = [text(''), text('results'), text('', 'text'), text('numbers')];
  const more = [text('model and plan', ['html', 'markdown']), figure('tokens in / out', ['html', 'markdown'])];
  const rows = runs.map(({ file, tool, window, facts, quality, tokens }, index) => {
    const { model = '', plan = '' } = facts;
    const source = `${tool}, ${window === 'steady' ? 'steady state' : 'whole run'}`;
    return [
      nameOf(index),
      { text: file, note: source },
      { text: source, tone: 'muted' as const },
      quality && { text: quality.verdict, tone: QUALITY[quality.verdict] },
      { text: model, note: plan },
      [tokens.input, tokens.output].map((value) => value?.toFixed(1) ?? '–').join(' / '),
    ];
  });
  return tableSection('', [...columns, ...more], rows);
}

/** Figures of the first run and of others, and how they changed. */
function figureSection(title: string, { rows }: Comparison, others: readonly number[]): Section {
  const columns = others.flatMap((other) => [
    ...[figure(nameOf(other + 1)), figure('change'), figure('bounds', ['text', 'markdown']), text('')],
  ]);
  const shown = rows.filter(({ changes }) => others.some((other) => changes[other]));
  const cells = shown.map((row) => [
    labelOf(row),
    valueText(row, 0),
    ...others.flatMap((other) => {
      const change = row.changes[other];
      const value = valueText(row, other + 1);
      if (!change) return [value, undefined, undefined, undefined];
      const bounds = changeBounds(row, change);
      const word = { text: change.word, tone: toneOf(change.word) };
      return [value, { text: changeText(row, change), note: bounds }, bounds, word];
    }),
  ]);
  const empty = 'no figure is in both runs';
  return tableSection(title, [text(''), figure('A'), ...columns], cells, { only: ['text', 'markdown'], empty });
}
