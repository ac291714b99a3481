import type Builder from 'fast-xml-builder';
import { lazily } from '../engine/lazy-require.js';
import type { CheckSummary, Summary } from '../engine/metrics/snapshot.js';
import { stateOf, type ThresholdResult } from '../engine/metrics/thresholds.js';
import { count } from './format.js';
import { formOf, metricValue } from './metric-value.js';
import { safeText } from './terminal-text.js';

/** Test case with the reason it failed, or was skipped. */
interface Case {
  readonly suite: string;
  readonly name: string;
  readonly failure?: string | undefined;
  readonly skipped?: string | undefined;
}

const library = lazily<{ readonly default: typeof Builder }>('fast-xml-builder');

const XML = {
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  format: true,
  suppressEmptyNode: true,
  suppressBooleanAttributes: false,
};

/** Run, thresholds and checks as test cases in JUnit XML for CI. */
export function junit(summary: Summary): string {
  const { run, thresholds, checks } = summary;
  const cases = [runCase(summary), ...thresholds.map((each) => thresholdCase(summary, each)), ...checks.map(checkCase)];
  const suites = [...new Set(cases.map(({ suite }) => suite))];
  const timed = { '@time': run.seconds.toFixed(3), '@timestamp': run.startedAt };
  const document = {
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    testsuites: {
      '@name': 'tokenswarm',
      ...tally(cases),
      ...timed,
      testsuite: suites.map((name) => {
        const ofSuite = cases.filter(({ suite }) => suite === name);
        return { '@name': safeText(name), ...tally(ofSuite), ...timed, testcase: ofSuite.map(caseNode) };
      }),
    },
  };
  const Xml = library().default;
  return new Xml(XML).build(document);
}

function runCase({ run, quality }: Summary): Case {
  const { outcome, reason, missing } = run;
  const wrong = outcome === 'completed' ? reason && `marked as failed: ${reason}` : `${outcome}: ${reason ?? ''}`;
  const parts = [...(wrong ? [wrong] : []), ...missing, ...(quality.verdict === 'invalid' ? quality.reasons : [])];
  return { suite: 'run', name: 'completes with valid numbers', failure: parts.join('\n') || undefined };
}

function thresholdCase(summary: Summary, result: ThresholdResult): Case {
  const { metric, source, observed } = result;
  const what = { suite: 'thresholds', name: `${metric}: ${source}` };
  const state = stateOf(result);
  if (state === 'empty') return { ...what, skipped: 'no samples' };
  if (observed === undefined) return { ...what, failure: 'no samples: nothing was measured' };
  const key = (/^[^<>=!]*/.exec(source)?.[0] ?? '').trim();
  const found = `${key} was ${metricValue(formOf(summary, metric), key, observed)}`;
  return { ...what, failure: state === 'crossed' ? found : undefined };
}

function checkCase({ scenario, group, name, passes, fails }: CheckSummary): Case {
  const failure = fails === 0 ? undefined : `failed ${count(fails)} of ${count(passes + fails)} times`;
  return { suite: `checks of ${scenario}`, name: `${group}::${name}`.replace(/^::/, ''), failure };
}

function caseNode({ suite, name, failure, skipped }: Case) {
  const [first = ''] = failure?.split('\n') ?? [];
  return {
    '@classname': safeText(suite),
    '@name': safeText(name),
    ...(failure !== undefined && {
      failure: { '@message': safeText(first), '#text': failure.split('\n').map(safeText).join('\n') },
    }),
    ...(skipped !== undefined && { skipped: { '@message': skipped } }),
  };
}

function tally(cases: readonly Case[]) {
  const skipped = cases.filter((each) => each.skipped !== undefined).length;
  return {
    '@tests': cases.length,
    '@failures': cases.filter(({ failure }) => failure !== undefined).length,
    ...(skipped > 0 && { '@skipped': skipped }),
  };
}
