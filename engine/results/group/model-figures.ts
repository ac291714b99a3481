import {
  bandwidthUtilization,
  CARDS,
  computeUtilization,
  type Deployment,
  deploymentOf,
  findCard,
  findModel,
  MODELS,
  WEIGHT_PRECISIONS,
  type WeightPrecision,
} from '../../hardware/index.js';
import type { RunRecord } from '../recorded-run.js';
import { countOf, labelOf } from './label.js';
import { type Setting, settingFigure } from './setting.js';

/** Utilization of cards in the steady state. Shares of the peak are from 0 to 1. */
export interface ModelFigures {
  /** Model bandwidth utilization of decoding, by step. */
  readonly mbu: number;
  /** Model flops utilization, of prompts and answers together. */
  readonly mfu: number;
  /** Time of a decoding step, in milliseconds. */
  readonly stepMs: number;
  /** Tokens per sequence and step. More than 1 with accepted drafts of speculative decoding. */
  readonly tokensPerStep: number;
  /** Mean number of sequences that decode at once, in one replica. */
  readonly batch: number;
  /** Mean number of tokens that a new one attends to. */
  readonly context: number;
  /** Tokens per event. If greater than per step, steps may be fewer, and MBU is an upper bound. */
  readonly tokensPerEvent: number;
}

/** True if figures exceed the card's limits. Labels must be wrong then. */
export function isBeyond({ mbu, mfu }: Pick<ModelFigures, 'mbu' | 'mfu'>): boolean {
  return mbu > 1 || mfu > 1;
}

/** Cards per replica and replicas of a run. Missing labels count as one. */
export function cardsOf(record: Pick<RunRecord, 'run' | 'target'>): {
  readonly tensorParallel: number;
  readonly replicas: number;
} {
  const replicas = countOf(record, 'replicas') ?? record.target?.baseUrls?.length ?? 1;
  return { tensorParallel: countOf(record, 'tp') ?? 1, replicas };
}

/** Replica of a run from the catalogue, or its unknown part. */
export function labelledDeployment(
  record: Pick<RunRecord, 'run' | 'target'>,
): Deployment | { readonly unknown: string } {
  const gpu = labelOf(record, 'gpu');
  const model = labelOf(record, 'model') ?? record.target?.model;
  const precision =
    labelOf(record, 'precision')
      ?.toLowerCase()
      .replace(/^(fp16|float16|bfloat16|half)$/, 'bf16') ?? 'bf16';
  const [card, known] = [findCard(gpu ?? ''), findModel(model ?? '')];
  if (!card)
    return {
      unknown: `${gpu === undefined ? 'no gpu' : `gpu=${gpu}`}: known cards are ${[...CARDS.keys()].join(', ')}`,
    };
  if (!known) {
    const named = model === undefined ? 'no model' : `model=${model}`;
    return { unknown: `${named}: known models are ${[...MODELS.keys()].join(', ')}` };
  }
  if (!WEIGHT_PRECISIONS.includes(precision as WeightPrecision)) {
    return { unknown: `precision=${precision}: known are ${WEIGHT_PRECISIONS.join(', ')}` };
  }
  const { tensorParallel } = cardsOf(record);
  return deploymentOf({ card, model: known, tensorParallel, weights: precision as WeightPrecision });
}

/**
 * MBU and MFU of a setting. Computed by step, since a step reads the weights once for its whole batch:
 *
 *   step    = mean ITL · tokens a step gives a sequence (1, and with speculative decoding all / (all − drafts that were right))
 *   batch   = output tokens/s · (n − 1)/n · mean TPOT (Little's law of decoding; n tokens an answer, the first from the prompt's step)
 *             where the server tells how many it runs, that; and then step = batch · tokens a step / output tokens/s
 *   context = mean prompt + E[n²] / 2E[n]
 *   MBU     = (weights + batch · context · KV of a token) / step / (tp · peak bandwidth)
 *   MFU     = (output tokens/s · F(context) + computed input tokens/s · F(E[S²] / 2E[S])) / (tp · peak flops)
 *   F(c)    = 2·parameters + 4·layers·heads·d·c
 *
 * Rates are those of one replica. Input tokens that the server found in its prefix cache were not computed. Undefined where the runs
 * lack a figure.
 */
export function modelFigures(setting: Setting, deployment: Deployment): ModelFigures | undefined {
  const figure = (metric: string, key: string) => settingFigure(setting, metric, key)?.value;
  const output = figure('llm_output_tokens_per_second', 'value');
  const total = figure('llm_total_tokens_per_second', 'value');
  const gap = figure('llm_itl', 'avg');
  const tpot = figure('llm_tpot', 'avg');
  const answer = figure('llm_output_tokens', 'avg');
  const prompt = figure('llm_input_tokens', 'avg');
  if (!output || !total || !gap || !tpot || !answer || prompt === undefined) return undefined;
  const [first] = setting.runs;
  const { replicas } = cardsOf(first!.record);
  const halfOf = (mean: number, deviation: number) => (mean === 0 ? 0 : (mean ** 2 + deviation ** 2) / mean / 2);
  const answerDeviation = figure('llm_output_tokens', 'stddev') ?? 0;
  const promptDeviation = figure('llm_input_tokens', 'stddev') ?? 0;
  const context = prompt + halfOf(answer, answerDeviation);
  const tokensPerStep = tokensPerStepOf(setting);
  const running = runningOf(setting);
  const batch =
    running === undefined ? ((output / replicas) * ((answer - 1) / answer) * tpot) / 1000 : running / replicas;
  const stepMs = running === undefined ? gap * tokensPerStep : (1000 * running * tokensPerStep) / output;
  const computed = ((total - output) / replicas) * (1 - hitRateOf(setting));
  return {
    mbu: bandwidthUtilization(deployment, batch * context, stepMs),
    mfu: computeUtilization(deployment, [
      { tokensPerSecond: output / replicas, meanContext: context },
      { tokensPerSecond: computed, meanContext: halfOf(prompt, promptDeviation) },
    ]),
    stepMs,
    tokensPerStep,
    batch,
    context,
    tokensPerEvent: (figure('llm_chunk_gap', 'avg') ?? gap) / gap,
  };
}

/** Looks at a server from which its mean batch is taken. */
const LEAST_POINTS = 5;

/** Mean number of sequences that servers ran; undefined if rarely recorded. */
function runningOf({ runs }: Setting): number | undefined {
  const batches = runs.map(({ record }) => {
    const { from, to } = record.windows.steady ?? record.windows.whole;
    const points = (record.server?.points ?? []).filter(({ at, running }) => from <= at && at <= to && running > 0);
    return points.length < LEAST_POINTS
      ? Number.NaN
      : points.reduce((sum, { running }) => sum + running, 0) / points.length;
  });
  const mean = batches.reduce((sum, each) => sum + each, 0) / batches.length;
  return Number.isFinite(mean) ? mean : undefined;
}

function hitRateOf({ runs }: Setting): number {
  const rates = runs.map(({ record }) => record.server?.prefixHitRate ?? 0);
  return rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
}

/** Tokens per sequence and step, from the server's counts over the run. 1 if unknown. */
function tokensPerStepOf({ runs }: Setting): number {
  const grown = runs.flatMap(({ record }) => {
    const points = record.server?.points ?? [];
    const [first, last] = [points[0], points.at(-1)];
    const all = (last?.generationTokens ?? 0) - (first?.generationTokens ?? 0);
    const right = (last?.acceptedTokens ?? 0) - (first?.acceptedTokens ?? 0);
    return all > right && right > 0 ? [all / (all - right)] : [];
  });
  return grown.length === 0 ? 1 : grown.reduce((sum, each) => sum + each, 0) / grown.length;
}
