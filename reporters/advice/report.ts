import type { Advice, Alternatives } from '../../engine/results/advise/advice.js';
import {
  type Block,
  figure,
  itemSection,
  listSection,
  type Report,
  type Section,
  text,
  verdict,
  whole,
} from '../document/document.js';
import { amount, count, NO_NUMBER } from '../format.js';
import { cardColors, costCharts, objectiveCharts } from './charts.js';
import * as words from './words.js';

/** Deployments that carry a load: the answer, alternatives, reasons and assumptions. */
export function adviceReport(advice: Advice): Report {
  const { alternatives, objectives, assumptions, warnings, leftOut } = advice;
  const fromRuns = alternatives.filter(({ source }) => source !== 'roofline');
  return {
    name: 'advice',
    title: words.loadText(advice),
    lead: `within ${objectives.map((objective) => objective.text).join(', ')}`,
    simulated: fromRuns.map(({ source }) => source === 'simulated'),
    sections: [
      { title: '', blocks: alternatives.flatMap((each) => answer(each, advice)) },
      ...alternatives.flatMap((each) => [table(each, advice), ...reasons(each)]),
      listSection('Assumptions', 'muted', assumptions),
      listSection('Caveats', 'doubtful', warnings),
      listSection(
        'Left out',
        'doubtful',
        leftOut.map(({ file, why }) => `${file}: ${why}`),
      ),
    ],
  };
}

/** Answer; a page has its reasons beside it, and folds the others. */
function answer(alternatives: Alternatives, advice: Advice): readonly Block[] {
  const { model, source, options } = alternatives;
  const [best] = options;
  const said = words.answerText(alternatives, advice.asked.prices?.currency ?? '');
  if (!best || said === undefined) {
    const means = source === 'roofline' ? 'estimated' : source;
    return [verdict('bad', `${model}: no deployment that is ${means} meets this`)];
  }
  const isSure = best.verdict === 'surely' && source === 'measured' && !words.isOpen(best);
  const notes = words.answerNotes(alternatives, advice);
  const why = source === 'roofline' ? [] : words.explanation(best);
  const saying = (all: readonly string[]) => verdict(isSure ? 'good' : 'doubtful', `${model}: ${said}`, all);
  return [
    { ...saying(notes), only: ['text', 'markdown'] },
    { ...saying([...notes, ...why]), only: 'html' },
  ];
}

function table(alternatives: Alternatives, advice: Advice): Section {
  const { asked } = advice;
  const { options } = alternatives;
  const currency = asked.prices?.currency ?? '';
  const { unit } = asked.load;
  const priced = options.some(({ costPerHour }) => costPerHour !== undefined);
  const colorOf = cardColors(advice.alternatives, asked.by);
  const each = unit === 'rate' ? 'req/s each' : `${words.UNITS[unit]} each`;
  const isOfSessions = options.some(({ sessionsPerHour }) => sessionsPerHour !== undefined);
  const columns = [
    ...[text(''), figure('replicas'), figure('cards', 'text')],
    ...(priced ? [figure('an hour'), figure('per Mtok', isOfSessions ? 'html' : undefined)] : []),
    ...(priced && isOfSessions ? [figure('a session')] : []),
    ...(isOfSessions ? [figure('sessions/hour')] : []),
    ...[figure('tokens/s', 'html'), figure(each), figure('at most', 'text')],
    ...[figure('headroom'), text('within limits'), text('limited by')],
  ];
  const rows = options.map((option) => {
    const most = words.shareText(unit, option.limit);
    return [
      ...[whole(option.name), { text: count(option.replicas), note: amount(option.cards, 'card') }],
      count(option.cards),
      ...(priced ? [option.costPerHour, option.costPerMillion].map((cost) => words.money(cost, currency)) : []),
      ...(priced && isOfSessions ? [words.money(option.costPerSession, currency)] : []),
      ...(isOfSessions ? [count(Math.round(option.sessionsPerHour ?? 0))] : []),
      count(Math.round(option.tokensPerSecond)),
      ...[{ text: words.shareText(unit, option.load), note: `at most ${most}` }, most, words.headroomText(option)],
      { text: words.verdictText(option), tone: option.verdict === 'surely' ? 'good' : 'doubtful' } as const,
      { text: words.LIMITS[option.limitation.limit], note: option.first && `${option.first.text} fails first` },
    ];
  });
  const charts = [...costCharts(alternatives, asked, colorOf), ...objectiveCharts(alternatives, asked, colorOf)];
  return {
    ...{ title: 'Alternatives', aside: words.alternativesName(alternatives) },
    blocks: [
      { kind: 'table', columns, rows: rows.map((cells) => ({ cells })) },
      { kind: 'drawings', charts },
    ],
  };
}

function reasons(alternatives: Alternatives): readonly Section[] {
  const { options, impossible } = alternatives;
  const aside = words.alternativesName(alternatives);
  const why = options.map((option) => ({ text: option.name, below: words.explanation(option) }));
  const not = impossible.map(({ name, why }) => ({
    text: name,
    tone: 'bad' as const,
    below: why.length === 0 ? [NO_NUMBER] : why,
  }));
  return [itemSection('Why', why, { aside, isFolded: true }), itemSection('Not possible', not, { aside })];
}
