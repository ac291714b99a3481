import { findCard, findModel } from '../../hardware/index.js';
import type { Level, RecordedRun, RunRecord } from '../recorded-run.js';
import { figureOf } from './figure.js';
import { canonical, labelOf, REPEAT, SCENARIO } from './label.js';

/** Mean tokens of a request, and the standard error of the mean. */
interface MeanTokens {
  readonly mean: number;
  readonly error: number;
}

/** Setting of a group at one level of load. Its run, or the repeats of it. */
export interface Setting {
  readonly level: Level;
  readonly runs: readonly RecordedRun[];
  readonly tokens: { readonly input?: MeanTokens; readonly output?: MeanTokens };
}

/** Difference of mean request tokens, as a share, that means different work. */
const TOKENS_APART = 0.05;

/** Difference of means, in standard errors, beyond chance. One pair in some four hundred exceeds it. */
const NO_CHANCE = 3;

/** Setting of its runs. */
export function settingOf(level: Level, runs: readonly RecordedRun[]): Setting {
  const records = runs.map(({ record }) => record);
  const input = meanTokens(records, 'llm_input_tokens');
  const output = meanTokens(records, 'llm_output_tokens');
  return { level, runs, tokens: { ...(input && { input }), ...(output && { output }) } };
}

/** Mean of means, with its standard error. */
function meanTokens(records: readonly Pick<RunRecord, 'metrics'>[], metric: string): MeanTokens | undefined {
  const mean = figureOf(records, metric, 'avg')?.value;
  if (mean === undefined) return undefined;
  const squares = records.map(({ metrics }) => {
    const { stddev = 0, samples = 1 } = metrics[metric]?.values ?? {};
    // Turns of one session are alike: sessions are what was drawn.
    const drawn = metrics.llm_session_duration?.values.count ?? samples;
    return stddev ** 2 / Math.max(1, drawn);
  });
  return { mean, error: Math.sqrt(squares.reduce((sum, each) => sum + each, 0)) / records.length };
}

/** Figure of a setting. */
export function settingFigure({ runs }: Setting, metric: string, key: string) {
  return figureOf(
    runs.map(({ record }) => record),
    metric,
    key,
  );
}

/**
 * Difference in request size that matters, or undefined. That of an `excused` side must be beyond chance too, for tokens
 * that are drawn.
 */
export function tokensApart(
  a: Setting['tokens'],
  b: Setting['tokens'],
  excused: readonly ('input' | 'output')[] = ['input', 'output'],
): string | undefined {
  const reasons = (['input', 'output'] as const).flatMap((side) => {
    const [one, two] = [a[side], b[side]];
    if (!one?.mean || !two?.mean || Math.abs(two.mean / one.mean - 1) <= TOKENS_APART) return [];
    const isChance = Math.abs(two.mean - one.mean) <= NO_CHANCE * Math.hypot(one.error, two.error);
    if (isChance && excused.includes(side)) return [];
    return [`${two.mean.toFixed(1)} ${side} tokens a request against ${one.mean.toFixed(1)}`];
  });
  return reasons.length > 0 ? reasons.join(' and ') : undefined;
}

/** Differences that keep two runs from being repeats. Empty if there are none. */
export function differences(a: RunRecord, b: RunRecord, by: readonly string[]): readonly string[] {
  const differing = (what: string, one: string | undefined, two: string | undefined) =>
    one === undefined || two === undefined || one === two ? [] : [`${what} ${one} against ${two}`];
  const others = Object.keys(a.run.labels).filter((label) => label !== REPEAT && !by.includes(label));
  const tokens = tokensApart(tokensOf(a), tokensOf(b));
  return [
    ...others.flatMap((label) => {
      const [one, two] = [labelOf(a, label), labelOf(b, label)];
      if (one === undefined || two === undefined || canonical(label, one) === canonical(label, two)) return [];
      return differing(`the label ${label}:`, one, two);
    }),
    ...differing('the scenario:', labelOf(a, SCENARIO), labelOf(b, SCENARIO)),
    ...differing('the plan:', planOf(a), planOf(b)),
    ...(modelOf(a) === modelOf(b) ? [] : differing("the server's model:", a.target?.model, b.target?.model)),
    ...(tokens === undefined ? [] : [`the prompts: ${tokens}`]),
  ];
}

function modelOf({ target }: RunRecord): string | undefined {
  return target ? canonical('model', target.model) : undefined;
}

function planOf({ plan }: RunRecord): string {
  return plan.scenarios.map(({ name, description }) => `${name}: ${description}`).join('; ');
}

function tokensOf(record: RunRecord): Setting['tokens'] {
  return settingOf({ kind: 'users', value: 0 }, [{ file: '', record }]).tokens;
}

/** Contradiction between a run's labels and its server's report. Undefined if none. */
export function serverContradiction(record: RunRecord): string | undefined {
  const { model: served, simulates } = record.target ?? {};
  const model = labelOf(record, 'model');
  if (areApart(findModel, model, served)) return `its label says model=${model}, but the server's model is ${served}`;
  if (!simulates) return undefined;
  const [gpu, tp] = [labelOf(record, 'gpu'), labelOf(record, 'tp')];
  const { card, model: simulated, tensorParallel } = simulates;
  const apart =
    areApart(findModel, model, `${simulated}`) ||
    areApart(findCard, gpu, `${card}`) ||
    (tp !== undefined && Number(tp) !== Number(tensorParallel));
  if (!apart) return undefined;
  const labels = Object.entries({ gpu, model, tp }).flatMap(([name, value]) => (value ? [`${name}=${value}`] : []));
  return `its labels say ${labels.join(', ')}, but its server simulated ${simulated} on ${tensorParallel} × ${card}`;
}

/** True if two names are different entries of the catalogue. */
function areApart<T>(find: (name: string) => T | undefined, a: string | undefined, b: string | undefined): boolean {
  const [one, two] = [find(a ?? ''), find(b ?? '')];
  return one !== undefined && two !== undefined && one !== two;
}
