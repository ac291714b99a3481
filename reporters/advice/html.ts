import type { Advice, Alternatives } from '../../engine/results/advise/advice.js';
import { amount, count, NO_NUMBER } from '../format.js';
import { page } from '../html/document.js';
import { html, type Markup } from '../html/markup.js';
import { noteList } from '../html/note-list.js';
import { simulatedNote } from '../html/simulated-note.js';
import { figure, table, text } from '../html/table.js';
import { cardColors, costFigure, objectiveFigures } from './figures.js';
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
  SOURCES,
  shareText,
  verdictText,
} from './words.js';

/** Advice as one HTML page that needs no network. */
export function adviceHtml(advice: Advice): string {
  const { alternatives, objectives, assumptions, warnings, leftOut } = advice;
  const fromRuns = alternatives.filter(({ source }) => source !== 'roofline');
  const content = html`<header>
<div class="tool">tokenswarm advice</div>
<h1>${loadText(advice)}</h1>
<p>within ${objectives.map(({ text: slo }) => slo).join(', ')}</p>
</header>
${simulatedNote(fromRuns.map(({ source }) => source === 'simulated'))}${alternatives.map((each) => answer(each, advice))}${alternatives.map((each) => section(each, advice))}
${noteList('Assumptions', assumptions, 'muted')}
${noteList('Caveats', warnings, 'doubtful')}
${noteList(
  'Left out',
  leftOut.map(({ file, why }) => `${file}: ${why}`),
  'doubtful',
)}
<footer>Made by tokenswarm.</footer>`;
  return page(`${loadText(advice)} – tokenswarm`, [], content);
}

function answer(alternatives: Alternatives, advice: Advice): Markup {
  const [best] = alternatives.options;
  const said = answerText(alternatives, advice.asked.prices?.currency ?? '');
  if (!best || said === undefined) {
    return html`<div class="verdict bad">${alternatives.model}: no deployment that is ${alternatives.source === 'roofline' ? 'estimated' : alternatives.source} meets this</div>
`;
  }
  const isSure = best.verdict === 'surely' && alternatives.source === 'measured' && !isOpen(best);
  const level = isSure ? 'good' : 'doubtful';
  const why = [...answerNotes(alternatives, advice), ...(alternatives.source === 'roofline' ? [] : explanation(best))];
  return html`<div class="verdict ${level}">${alternatives.model}: ${said}${why.map((each) => html`<p>${each}</p>`)}</div>
`;
}

function section(alternatives: Alternatives, advice: Advice): Markup {
  const { asked } = advice;
  const { options, impossible } = alternatives;
  const currency = asked.prices?.currency ?? '';
  const { unit } = asked.load;
  const each = unit === 'users' ? 'users each' : 'requests/s each';
  const rows = options.map(
    (option) =>
      [
        html`<span class="whole">${option.name}<small>${SOURCES[alternatives.source]}</small></span>`,
        figure(count(option.replicas), amount(option.cards, 'card')),
        figure(money(option.costPerHour, currency)),
        figure(money(option.costPerMillion, currency)),
        figure(count(Math.round(option.tokensPerSecond))),
        figure(shareText(unit, option.load), `at most ${shareText(unit, option.limit)}`),
        figure(headroomText(option)),
        text(html`<span class="${option.verdict === 'surely' ? 'good' : 'doubtful'}">${verdictText(option)}</span>`),
        text(
          html`${LIMITS[option.limitation.limit]}<small>${option.first ? `${option.first.text} fails first` : ''}</small>`,
        ),
      ] as const,
  );
  const head = [
    '',
    'replicas',
    'an hour',
    'per million output tokens',
    'tokens/s',
    each,
    'headroom',
    'within limits',
    'limited by',
  ];
  const colorOf = cardColors(advice.alternatives, asked.by);
  const figures = [...costFigure(alternatives, asked, colorOf), ...objectiveFigures(alternatives, asked, colorOf)];
  return html`${table(html`Alternatives<small>${alternativesName(alternatives)}</small>`, head, rows)}${
    figures.length > 0 &&
    html`<section>
<div class="charts below">${figures}</div>
</section>
`
  }${
    options.length > 0 &&
    html`<details><summary>Why: ${alternativesName(alternatives)}</summary>
<ul>
${options.map(
  (option) => html`<li><b>${option.name}</b><ul>${explanation(option).map((line) => html`<li>${line}</li>`)}</ul></li>
`,
)}</ul></details>
`
  }${
    impossible.length > 0 &&
    html`<section>
<h2>Not possible<small>${alternativesName(alternatives)}</small></h2>
<ul>
${impossible.map(
  ({ name, why }) => html`<li class="bad"><b>${name}</b>: ${why.length === 0 ? NO_NUMBER : why.join('; ')}</li>
`,
)}</ul>
</section>
`
  }`;
}
