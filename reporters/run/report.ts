import type { Summary } from '../../engine/metrics/snapshot.js';
import { chartSection, itemSection, type Report, type Section, verdict } from '../document/document.js';
import { count, percent } from '../format.js';
import { metricValue } from '../metric-value.js';
import { isUnbounded } from '../sample-size.js';
import { caveatsOf } from './caveats.js';
import { distributionCharts } from './distributions.js';
import { environmentSection, metricSection, planSection } from './environment.js';
import { gpuCharts } from './gpu-figures.js';
import { laneSection } from './lanes.js';
import { boundsText, groupSection, latencySection } from './latency.js';
import { figureLabel } from './metric-rows.js';
import { checkSection, errorSection, failureSection, thresholdSection } from './outcomes.js';
import {
  customSection,
  executionSection,
  gpuSection,
  httpSection,
  serverSection,
  targetSection,
  throughputSection,
} from './rates.js';
import { sessionSection } from './sessions.js';
import { timeCharts } from './time-charts.js';
import { levelOf, ranText, targetText, verdictText, windowText } from './words.js';

/** Record of a run: its verdict, figures, failures and caveats. */
export function runReport(summary: Summary): Report {
  const { run, target, tool, windows, metrics, histograms } = summary;
  const caveats = itemSection('Caveats', caveatsOf(summary), { empty: 'none found' });
  const missing = run.missing.map((part) => `missing: ${part}`);
  const hint = '--summary full shows all percentiles, requests by name, server and execution';
  return {
    ...{ name: 'load test', title: run.scenario, version: tool.version, simulated: [target?.simulated === true] },
    facts: {
      scenario: run.scenario,
      target: target ? targetText(target) : undefined,
      ran: ranText(summary),
      figures: windowText(summary),
    },
    chips: { ...run.labels, ...run.tags },
    footer: `Percentiles are off by at most ${percent(histograms.relativeError)}.`,
    sections: [
      { title: '', blocks: [verdict(levelOf(summary), verdictText(summary), missing)] },
      cardSection(summary),
      { ...caveats, only: ['html', 'markdown'] },
      thresholdSection(summary),
      chartSection('Over time', windows.steady ? 'shaded: the steady state' : undefined, [
        ...timeCharts(summary),
        ...gpuCharts(summary),
      ]),
      latencySection(summary),
      chartSection('Distributions', windowText(summary), distributionCharts(summary)),
      throughputSection(summary),
      sessionSection(summary),
      laneSection(summary),
      serverSection(summary),
      gpuSection(summary),
      targetSection(summary),
      httpSection(summary),
      failureSection(summary),
      errorSection(summary),
      checkSection(summary),
      groupSection(summary),
      customSection(summary),
      executionSection(summary),
      planSection(summary),
      environmentSection(summary),
      metricSection(summary),
      { ...caveats, only: ['short', 'text'] },
      {
        title: '',
        only: Object.keys(metrics).length === 0 ? [] : 'short',
        blocks: [{ kind: 'paragraph', text: hint }],
      },
    ],
  };
}

const CARDS: readonly (readonly [metric: string, key: string])[] = [
  ['llm_output_tokens_per_second', 'value'],
  ['llm_ttft', 'p(95)'],
  ['llm_tpot', 'p(95)'],
  ['llm_e2e', 'p(95)'],
  ['llm_requests_per_second', 'value'],
  ['llm_failed', 'rate'],
  ['http_req_duration', 'p(95)'],
  ['http_reqs', 'rate'],
  ['http_req_failed', 'rate'],
];

/** Cards of the headline figures. */
function cardSection({ metrics }: Summary): Section {
  const cards = CARDS.flatMap(([name, key]) => {
    const metric = metrics[name];
    const value = metric?.values[key];
    if (!metric || value === undefined) return [];
    // Its label has the unit of a counter's rate.
    const written = metric.type === 'counter' ? count(value) : metricValue(metric, key, value);
    const note = isUnbounded(metric, key) ? 'too few samples for bounds' : (boundsText(metric, key) ?? '');
    return [{ label: figureLabel(name, key), value: written, note }];
  });
  const bounds = 'Small print: bounds at 99 % confidence.';
  const isBounded = cards.some(({ note }) => note.includes('–'));
  return {
    ...{ title: '', only: cards.length === 0 ? [] : 'html' },
    blocks: [{ kind: 'cards', cards }, ...(isBounded ? [{ kind: 'paragraph', text: bounds } as const] : [])],
  };
}
