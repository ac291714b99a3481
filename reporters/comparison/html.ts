import { BUILT_IN } from '../../engine/metrics/catalogue.js';
import type { RecordedInterval } from '../../engine/metrics/snapshot.js';
import type { Comparison } from '../../engine/results/compare/compare.js';
import type { ComparedRun } from '../../engine/results/compare/compared-run.js';
import type { Judged } from '../../engine/results/compare/condition.js';
import { nameOf } from '../../engine/results/compare/differences.js';
import type { Chart, Line } from '../html/chart.js';
import { binned, centers, limitOf } from '../html/distribution.js';
import { figures, page } from '../html/document.js';
import { html, type Markup } from '../html/markup.js';
import { noteList } from '../html/note-list.js';
import { simulatedNote } from '../html/simulated-note.js';
import { figure, table, text } from '../html/table.js';
import { LATENCIES, rounded, timeline } from '../html/time-charts.js';
import { aloneOf, changeBounds, changeText, judgedText, labelOf, notesOf, toneOf, valueText } from './words.js';

/** Comparison as one HTML page that needs no network, with overlaid curves. */
export function comparisonHtml(comparison: Comparison, judged: readonly Judged[]): string {
  const { runs, warnings } = comparison;
  const alone = runs.flatMap((_, run) => {
    const labels = aloneOf(comparison, run);
    return labels.length > 0 ? [`${nameOf(run)}: ${labels.join(', ')}`] : [];
  });
  const overTime = timeCharts(runs);
  const distributions = distributionCharts(runs);
  const crossed = judged.filter((each) => each.crossed).length;
  const content = html`<header>
<div class="tool">tokenswarm comparison</div>
<h1>${runs.length} runs</h1>
</header>
${simulatedNote(runs.map(({ facts }) => facts.target?.startsWith('the simulator') === true))}${
  judged.length > 0 &&
  html`<div class="verdict ${crossed > 0 ? 'bad' : 'good'}">${crossed > 0 ? `${crossed} of ${judged.length} conditions failed` : 'All conditions passed'}</div>
`
}${runTable(runs)}
${noteList('The runs differ', warnings, 'doubtful')}
${figureTable(comparison)}
${noteList('Only in one', alone, 'muted')}
${noteList('How to read this', notesOf(comparison), 'muted')}
${table(
  'Conditions',
  ['', 'observed', 'result'],
  judged.map(
    (each) =>
      [
        each.text,
        text(judgedText(each)),
        text(each.crossed ? html`<span class="bad">✗ failed</span>` : html`<span class="good">✓ passed</span>`),
      ] as const,
  ),
)}
${
  overTime.length > 0 &&
  html`<section>
<h2>Over time<small>since the start of each run's load</small></h2>
${figures(overTime)}
</section>
`
}${
  distributions.length > 0 &&
  html`<section>
<h2>Distributions<small>shares of all samples, in bins of equal width</small></h2>
${figures(distributions)}
</section>
`
}<footer>Made by tokenswarm.</footer>`;
  return page('Comparison – tokenswarm', [...overTime, ...distributions], content);
}

function runTable(runs: readonly ComparedRun[]): Markup {
  const rows = runs.map(({ file, tool, window, facts, quality, tokens }, index) => {
    const { model = '', plan = '' } = facts;
    const mean = (value: number | undefined) => value?.toFixed(1) ?? '–';
    const verdict =
      quality &&
      html`<span class="${{ valid: 'good', suspect: 'doubtful', invalid: 'bad' }[quality.verdict]}">${quality.verdict}</span>`;
    return [
      nameOf(index),
      text(html`${file}<small>${tool}, ${window === 'steady' ? 'steady state' : 'whole run'}</small>`),
      text(html`${model}<small>${plan}</small>`),
      text(verdict),
      figure(`${mean(tokens.input)} / ${mean(tokens.output)}`),
    ] as const;
  });
  return table('Runs', ['', 'results', 'model and plan', 'numbers', 'tokens in / out'], rows);
}

function figureTable({ runs, rows }: Comparison): Markup {
  const head = ['', ...runs.flatMap((_, index) => (index === 0 ? [nameOf(0)] : [nameOf(index), 'against A']))];
  return table(
    'Figures',
    head,
    rows.map((row) => {
      const cells = row.changes.flatMap((change, index) => [
        figure(valueText(row, index + 1)),
        figure(
          change && html`<span class="${toneOf(change.word)}">${changeText(row, change)} ${change.word}</span>`,
          change && changeBounds(row, change),
        ),
      ]);
      return [labelOf(row), figure(valueText(row, 0)), ...cells] as const;
    }),
  );
}

/** One of eight colors, repeated from the ninth run on. */
const colorOf = (index: number) => (index % 8) + 1;

function timeCharts(runs: readonly ComparedRun[]): readonly Chart[] {
  const curves: readonly (readonly [
    title: string,
    y: Chart['y'],
    yName: string,
    of: (interval: RecordedInterval) => number | null,
  ])[] = [
    ['Output tokens per second', 'count', 'tokens/s', ({ outputTokens, seconds }) => outputTokens / seconds],
    ['Requests in flight', 'count', 'requests', ({ concurrency }) => concurrency],
    ...LATENCIES.map(
      ([name, title]) => [`${title}, p95`, 'time', 'latency', (each: RecordedInterval) => each[name].p95] as const,
    ),
    ['Failed requests per second', 'count', 'requests/s', ({ failed, seconds }) => failed / seconds],
  ];
  const xs = [...new Set(runs.flatMap((run) => timeline(run).map(({ at }) => at)))].sort((a, b) => a - b);
  return curves.flatMap(([title, y, yName, of]) => {
    const lines = runs.flatMap(({ intervals }, index): Line[] => {
      // Intervals of runs may differ in length; each value holds for its whole interval.
      const values = xs.map((x) => {
        const interval = intervals.find(({ at, seconds }) => at <= x && x < at + seconds);
        return interval ? rounded(of(interval)) : null;
      });
      if (!values.some((value) => value !== null && value >= 0)) return [];
      return [{ label: nameOf(index), color: colorOf(index), style: 'line', values }];
    });
    const any = lines.some(({ values }) => values.some((value) => value !== null && value > 0));
    return any ? [{ title, x: 'seconds', xName: 'time since the load began', y, yName, xs, lines }] : [];
  });
}

function distributionCharts(runs: readonly ComparedRun[]): readonly Chart[] {
  const metrics: readonly (readonly [metric: string, title: string])[] = [
    ...LATENCIES.map(([name, title]) => [`llm_${name}`, title] as const),
    ...(['llm_ttft_chunk', 'llm_chunk_gap'] as const).map((metric) => [metric, BUILT_IN[metric].title] as const),
  ];
  return metrics.flatMap(([metric, title]) => {
    const found = runs.flatMap(({ metrics }, index) => {
      const { histogram, values } = metrics[metric] ?? {};
      return histogram && values && histogram.counts.length > 0 ? [{ index, histogram, values }] : [];
    });
    if (found.length < 2 || (metric.includes('chunk') && !runs.some(({ tool }) => tool === 'vllm'))) return [];
    const limit = limitOf(found.map(({ values }) => values));
    const lines = found.map(({ index, histogram }): Line => {
      return { label: nameOf(index), color: colorOf(index), style: 'steps', values: binned(histogram, limit) };
    });
    const names = { xName: 'latency', yName: 'share of the samples' };
    return [{ title, x: 'time', y: 'share', ...names, xs: centers(limit), lines } satisfies Chart];
  });
}
