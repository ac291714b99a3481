import type { ComparedMetric, ComparedRun } from './compared-run.js';

/** Largest relative difference of mean tokens. More work takes longer. */
const TOKENS_APART = 0.05;

/** Reason not to compare a run's latencies with the first's, or undefined. */
export function tokensApart(first: ComparedRun, run: ComparedRun): string | undefined {
  const reasons = (['input', 'output'] as const).flatMap((side) => {
    const [a, b] = [first.tokens[side], run.tokens[side]];
    if (!a || !b || Math.abs(b / a - 1) <= TOKENS_APART || isDrawn(first, run, side)) return [];
    // The same prompts are other tokens for another tokenizer.
    if (side === 'input' && countersDiffer(first, run)) return [];
    return [`${b.toFixed(1)} ${side} tokens a request against ${a.toFixed(1)}`];
  });
  return reasons.length > 0 ? reasons.join(' and ') : undefined;
}

/** Standard errors of a difference that chance explains. */
const CHANCE = 3;

/** True for runs of sessions whose mean tokens differ by chance. */
function isDrawn(first: ComparedRun, run: ComparedRun, side: 'input' | 'output'): boolean {
  const all = [first, run].flatMap(({ metrics }) => {
    const { avg = 0, stddev = 0 } = metrics[`llm_${side}_tokens`]?.values ?? {};
    // Turns of one session are alike: sessions are what was drawn.
    const sessions = metrics.llm_session_duration?.values.count;
    return sessions ? [{ avg, error: stddev / Math.sqrt(sessions) }] : [];
  });
  const [one, two] = all;
  return (
    one !== undefined && two !== undefined && Math.abs(two.avg - one.avg) <= CHANCE * Math.hypot(one.error, two.error)
  );
}

function countersDiffer(first: ComparedRun, run: ComparedRun): boolean {
  const [one, other] = [first.tokenizer, run.tokenizer];
  const isOne = one === other && (one === 'the server' || first.tool === run.tool);
  return one !== undefined && other !== undefined && !isOne;
}

/** Name of a run: A for the first. */
export function nameOf(index: number): string {
  return index < 26 ? String.fromCharCode(65 + index) : `run ${index + 1}`;
}

/** Warnings about differences of the runs, in sentences. `metricNames` are the compared metrics. */
export function warningsOf(runs: readonly ComparedRun[], metricNames: readonly string[]): string[] {
  const facts = new Set(runs.flatMap((run) => Object.keys(run.facts)));
  const differing = [...facts].flatMap((fact) => {
    const told = runs.map((run) => run.facts[fact]);
    if (new Set(told.filter((each) => each !== undefined)).size < 2) return [];
    return [`the ${fact} differs: ${told.map((each, index) => `${nameOf(index)} ${each ?? 'unknown'}`).join('; ')}`];
  });
  const windows = new Set(runs.map(({ window }) => window));
  const doubts = runs.flatMap(({ quality, metrics }, index) => [
    ...(quality && quality.verdict !== 'valid'
      ? [`the numbers of ${nameOf(index)} are ${quality.verdict}: ${quality.reasons.join('; ')}`]
      : []),
    ...(metricNames.some((metric) => metrics[metric]) ? [] : [`${nameOf(index)} has no figure that can be compared`]),
    ...onlyFailures(metrics, index),
  ]);
  return [
    ...differing,
    ...(windows.size > 1 ? ['some figures are of the steady state, others of a whole run that had none'] : []),
    ...percentilesDiffer(runs),
    ...inputsCounted(runs),
    ...doubts,
  ];
}

function percentilesDiffer(runs: readonly ComparedRun[]): readonly string[] {
  const of = (kind: ComparedMetric['percentiles']) =>
    runs.flatMap(({ metrics }, index) => {
      return Object.values(metrics).some(({ percentiles }) => percentiles === kind) ? [nameOf(index)] : [];
    });
  const [ranks, between] = [of('rank'), of('interpolated')];
  if (ranks.length === 0 || between.length === 0) return [];
  return [
    `percentiles of ${ranks.join(', ')} are samples, those of ${between.join(', ')} may lie between two: with few samples they differ`,
  ];
}

function inputsCounted([first, ...others]: readonly ComparedRun[]): readonly string[] {
  return others.flatMap((run, index) => {
    const [a, b] = [first?.tokens.input, run.tokens.input];
    if (!first || !a || !b || Math.abs(b / a - 1) <= TOKENS_APART || !countersDiffer(first, run)) return [];
    const counts = `${a.toFixed(1)} a request by ${first.tokenizer}, ${b.toFixed(1)} by ${run.tokenizer}`;
    return [`input tokens of A and ${nameOf(index + 1)} are not counted alike: ${counts}`];
  });
}

function onlyFailures(metrics: ComparedRun['metrics'], index: number): string[] {
  const all = ['llm_failed', 'http_req_failed', 'response_failed'].flatMap((name) => metrics[name]?.values.rate ?? []);
  return all.length > 0 && all.every((rate) => rate === 1) ? [`every request of ${nameOf(index)} failed`] : [];
}
