import { findCard, findModel } from '../../hardware/index.js';
import type { Level, RecordedRun, RunRecord } from '../recorded-run.js';
import { figureOf } from './figure.js';
import { canonical, labelOf, REPEAT, SCENARIO } from './label.js';

/** Tokens of a request: their mean, and its standard error, which says how far chance may have moved it. */
interface MeanTokens {
  readonly mean: number;
  readonly error: number;
}

/** One setting of a group at one level of load: its run, or the repeats of it. */
export interface Setting {
  readonly level: Level;
  readonly runs: readonly RecordedRun[];
  readonly tokens: { readonly input?: MeanTokens; readonly output?: MeanTokens };
}

/** Mean tokens of requests may be apart by this share: more work takes longer. */
const TOKENS_APART = 0.05;

/** Means that are apart by more standard errors than this are so by no chance: one pair in some four hundred is. */
const NO_CHANCE = 3;

/** A setting of its runs. */
export function settingOf(level: Level, runs: readonly RecordedRun[]): Setting {
  const records = runs.map(({ record }) => record);
  const input = meanTokens(records, 'llm_input_tokens');
  const output = meanTokens(records, 'llm_output_tokens');
  return { level, runs, tokens: { ...(input && { input }), ...(output && { output }) } };
}

/** The mean of means, whose error is that of a sum over their number. */
function meanTokens(records: readonly Pick<RunRecord, 'metrics'>[], metric: string): MeanTokens | undefined {
  const mean = figureOf(records, metric, 'avg')?.value;
  if (mean === undefined) return undefined;
  const squares = records.map(({ metrics }) => {
    const { stddev = 0, samples = 1 } = metrics[metric]?.values ?? {};
    return stddev ** 2 / Math.max(1, samples);
  });
  return { mean, error: Math.sqrt(squares.reduce((sum, each) => sum + each, 0)) / records.length };
}

/** A figure of a setting. */
export function settingFigure({ runs }: Setting, metric: string, key: string) {
  return figureOf(
    runs.map(({ record }) => record),
    metric,
    key,
  );
}

/**
 * In what requests of two settings are apart by so much that their figures tell nothing beside one another, and by more than chance
 * explains where prompts are drawn; else undefined.
 */
export function tokensApart(a: Setting['tokens'], b: Setting['tokens']): string | undefined {
  const reasons = (['input', 'output'] as const).flatMap((side) => {
    const [one, two] = [a[side], b[side]];
    if (!one?.mean || !two?.mean || Math.abs(two.mean / one.mean - 1) <= TOKENS_APART) return [];
    if (Math.abs(two.mean - one.mean) <= NO_CHANCE * Math.hypot(one.error, two.error)) return [];
    return [`${two.mean.toFixed(1)} ${side} tokens a request against ${one.mean.toFixed(1)}`];
  });
  return reasons.length > 0 ? reasons.join(' and ') : undefined;
}

/** What makes two runs of the same labels and level no repeats of one another; empty where they are. */
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

/** How a run's labels contradict what its server said that it serves, or that it simulates; undefined where they do not. */
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

/** Whether two names stand for different things of the catalogue. */
function areApart<T>(find: (name: string) => T | undefined, a: string | undefined, b: string | undefined): boolean {
  const [one, two] = [find(a ?? ''), find(b ?? '')];
  return one !== undefined && two !== undefined && one !== two;
}
