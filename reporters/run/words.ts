import type { Summary } from '../../engine/metrics/snapshot.js';
import { stateOf } from '../../engine/metrics/thresholds.js';
import { amount, count, duration } from '../format.js';

/** Quality verdict in one sentence. */
export function verdictText(summary: Summary): string {
  const said = [
    outcomeText(summary),
    thresholdText(summary),
    lossText(summary),
    `the numbers are ${summary.quality.verdict}`,
  ];
  return capitalised(said.filter((part) => part !== '').join('; '));
}

/** Reason why a run failed, in one line. Undefined for a run that did not. */
export function failureText(summary: Summary): string | undefined {
  const { run, thresholds } = summary;
  if (run.outcome === 'failed') return run.reason ?? 'the run failed';
  const failed = thresholds.filter(({ ok }) => !ok).map(({ metric, source }) => `${metric} ${source}`);
  return failed.length > 0 ? `${thresholdText(summary)}: ${failed.join(', ')}` : undefined;
}

/** Level of the verdict. */
export function levelOf(summary: Summary): 'good' | 'doubtful' | 'bad' {
  const { run, thresholds, quality } = summary;
  const crossed = thresholds.some((threshold) => !threshold.ok);
  const goneWell = run.outcome === 'completed' || run.outcome === 'running';
  const failed = goneWell ? run.reason !== undefined : run.outcome !== 'interrupted';
  if (crossed || failed || quality.verdict === 'invalid') return 'bad';
  const whole = run.outcome === 'completed' && run.missing.length === 0 && lossText(summary) === '';
  return whole && quality.verdict === 'valid' ? 'good' : 'doubtful';
}

function outcomeText({ run }: Summary): string {
  if (run.outcome === 'running') return 'still running';
  if (run.outcome === 'completed') return run.reason === undefined ? '' : `marked as failed: ${run.reason}`;
  return run.reason === undefined ? run.outcome : `${run.outcome}: ${run.reason}`;
}

function thresholdText({ thresholds }: Summary): string {
  const all = thresholds.length;
  const states = thresholds.map(stateOf);
  const countOf = (state: (typeof states)[number]) => states.filter((each) => each === state).length;
  const [crossed, unmeasured, empty] = [countOf('crossed'), countOf('unmeasured'), countOf('empty')];
  if (all === 0) return 'no thresholds set';
  if (crossed + unmeasured > 0) {
    const over = all === 1 ? 'the threshold failed' : `${crossed} of ${all} thresholds failed`;
    const without = all === 1 ? 'the threshold had no samples' : `${unmeasured} of ${all} thresholds had no samples`;
    return [...(crossed > 0 ? [over] : []), ...(unmeasured > 0 ? [without] : [])].join(', ');
  }
  const passed = all === 1 ? 'the threshold passed' : `${all === 2 ? 'both' : `all ${all}`} thresholds passed`;
  return empty === 0 ? passed : `${passed} (${empty} without samples)`;
}

/** Words for a run in which everything threw or failed. Empty otherwise. */
function lossText({ metrics, errors }: Summary): string {
  const iterations = metrics.iterations?.windows.whole?.count ?? 0;
  const thrown = errors.reduce((sum, { scenario, count }) => sum + (scenario === '' ? 0 : count), 0);
  if (iterations > 0 && thrown >= iterations) return 'every iteration threw';
  const requests = metrics.llm_requests?.windows.whole?.count ?? 0;
  if (requests === 0 || metrics.llm_failed?.windows.whole?.rate !== 1) return '';
  return requests === 1 ? 'the only request failed' : `all ${count(requests)} requests failed`;
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** Servers, model and route to them. */
export function targetText(target: NonNullable<Summary['target']>): string {
  const model = `${target.baseUrl}, model ${target.model}`;
  const way = target.proxy === undefined ? model : `${model}, through the proxy ${target.proxy}`;
  return target.simulated ? `${way} (${simulationText(target)})` : way;
}

/** `simulated`, with model and hardware where known. Example: `simulated: Qwen2.5-7B on 2 × H800 SXM`. */
function simulationText({ simulates }: NonNullable<Summary['target']>): string {
  if (!simulates) return 'simulated';
  const { model, tensorParallel, card } = simulates;
  return `simulated: ${model} on ${tensorParallel} × ${card}`;
}

/** Duration and date of the run. */
export function ranText({ run, plan, environment, reader, machines }: Summary): string {
  const planned = run.outcome === 'completed' ? '' : ` of ${duration(plan.seconds * 1000)} planned`;
  const started = run.startedAt.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC');
  const read = reader ? ', native reader (kernel time stamps)' : '';
  const { share } = run;
  const on = machines
    ? ` on ${amount(machines.length, 'machine')}`
    : share
      ? `, share ${share.number} of ${share.of}`
      : '';
  return `${duration(run.seconds * 1000)}${planned}, from ${started}, ${amount(environment.workers, 'worker')}${on}${read}`;
}

/** Window that the figures cover. */
export function windowText({ windows }: Summary): string {
  const { steady, headline } = windows;
  if (headline === 'steady' && steady !== null) {
    const { from, to } = steady;
    return `of the steady state, ${span(from)} to ${span(to)} (${span(to - from)})`;
  }
  if (windows.rule === 'k6') return 'of the whole run, as in k6';
  return steady === null
    ? 'of the whole run: the load never reached a steady state'
    : `of the whole run, not of the steady state, ${span(steady.from)} to ${span(steady.to)}`;
}

function span(seconds: number): string {
  return duration(seconds * 1000);
}

/** Note for headings of whole-run sections, when the headline figures cover less. */
export function wholeRun({ windows }: Summary): string {
  return windows.headline === 'steady' ? 'of the whole run' : '';
}

/** `talk › login › first try`. Empty outside of all groups of the only scenario. */
export function placeText(
  { scenario = '', group = '' }: { readonly scenario?: string; readonly group?: string },
  withScenario: boolean,
): string {
  const names = group.split('::').slice(1);
  // setup() and teardown() run in groups of those names.
  const path = names[0] === scenario ? names.slice(1) : names;
  return (withScenario ? [scenario, ...path] : path).join(' › ');
}
