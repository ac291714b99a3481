import {
  cardNamed,
  DEFAULT_EFFICIENCY,
  type Deployment,
  deploymentOf,
  type Efficiency,
  modelNamed,
  prefillWork,
  stepTime,
} from '../../engine/hardware/index.js';

/** Work of a decode step, and each card's efficiency at it. */
export interface Circumstances {
  /** Sequences that decode. */
  readonly batch: number;
  /** Tokens that each of them has, prompt and answer so far. */
  readonly context: number;
  /** Tokens of prompts that are computed in the same step. */
  readonly promptTokens: number;
  /** Changes to the table of constants, for all cards and for H20. */
  readonly all: Partial<Efficiency>;
  readonly h20: Partial<Efficiency>;
}

const ONE_USER: Circumstances = { batch: 1, context: 200, promptTokens: 0, all: {}, h20: {} };

/** Milliseconds of a step that decodes. */
export function decodeStep(deployment: Deployment, circumstances: Partial<Circumstances>): number {
  const { batch, context, promptTokens, all, h20 } = { ...ONE_USER, ...circumstances };
  const own = deployment.card.slug === 'h20' ? h20 : {};
  const time = stepTime(deployment, { ...DEFAULT_EFFICIENCY, ...all, ...own });
  const tokens = batch * context + promptTokens;
  const work = {
    sequences: batch,
    tokens: batch + promptTokens,
    sampled: batch,
    contextTokens: tokens,
    attended: batch * context + (promptTokens * (promptTokens + 1)) / 2,
    prompts: promptTokens > 0 ? 1 : 0,
  };
  return time(work).total;
}

/** The cards that H20's are held against. */
const RIVALS = ['h800', 'a800', 'rtx-4090'] as const;
type Rival = (typeof RIVALS)[number];

/** Value from which H20 is slower for a token than each card. It is undefined where H20 never is. */
export interface TurningPoint {
  readonly cause: string;
  readonly unit: string;
  readonly from: Readonly<Record<Rival, number | undefined>>;
}

interface Cause {
  readonly cause: string;
  readonly unit: string;
  /** From where H20 is ahead to the worst that is looked at. */
  readonly range: readonly [best: number, worst: number];
  readonly whole?: boolean;
  readonly with: (value: number) => Partial<Circumstances>;
}

const { memoryBandwidth: SHARE, stepOverheadMs: HOST, compute: PEAK } = DEFAULT_EFFICIENCY;

const CAUSES: readonly Cause[] = [
  { ...many('sequences that decode at once'), with: (batch) => ({ batch }) },
  {
    ...many('the same, with one prompt token computed for every two of answers'),
    with: (batch) => ({ batch, promptTokens: batch / 2 }),
  },
  {
    ...many(`the same as the first, where H20 reaches 0.5 of its peak rather than ${PEAK}`),
    with: (batch) => ({ batch, h20: { compute: 0.5 } }),
  },
  {
    ...{ cause: 'one user: prompt tokens that each step computes beside', unit: 'tokens', whole: true },
    ...{ range: [0, 8192], with: (promptTokens) => ({ promptTokens }) },
  },
  {
    ...{ cause: 'one user: rows of a tile, of which H20 computes no fewer', unit: 'tokens', whole: true },
    ...{ range: [1, 256], with: (tileRows) => ({ h20: { tileRows } }) },
  },
  {
    ...{ cause: `one user: share of its bandwidth that H20 reaches, where others reach ${SHARE}; at most`, unit: '' },
    ...{ range: [SHARE, 0.05], with: (memoryBandwidth) => ({ h20: { memoryBandwidth } }) },
  },
  {
    ...{ cause: `one user: what H20's host needs for a step, where others need ${HOST} ms`, unit: 'ms' },
    ...{ range: [HOST, 100], with: (stepOverheadMs) => ({ h20: { stepOverheadMs } }) },
  },
  {
    ...{ cause: 'one user: what every host needs for a step', unit: 'ms' },
    ...{ range: [HOST, 100], with: (stepOverheadMs) => ({ all: { stepOverheadMs } }) },
  },
];

function many(cause: string): Pick<Cause, 'cause' | 'unit' | 'whole' | 'range'> {
  return { cause, unit: '', whole: true, range: [1, 4096] };
}

/** Turning points of H20's time per token, each cause alone. The model is on one card each. */
export function turningPoints(model: string): TurningPoint[] {
  return CAUSES.map(({ cause, unit, range, whole = false, with: circumstances }) => {
    const from = RIVALS.map((rival) => {
      const behind = (value: number) =>
        decodeStep(on('h20', model), circumstances(value)) > decodeStep(on(rival, model), circumstances(value));
      return [rival, firstWhere(behind, range, whole)] as const;
    });
    return { cause, unit, from: Object.fromEntries(from) as TurningPoint['from'] };
  });
}

/** Prompt length from which an idle H20 is slower than each card. The time is that to the first token. */
export function promptTurningPoints(model: string): TurningPoint {
  const from = RIVALS.map((rival) => {
    const behind = (tokens: number) => prefill('h20', model, tokens) > prefill(rival, model, tokens);
    return [rival, firstWhere(behind, [1, 32_768], true)] as const;
  });
  return {
    ...{ cause: 'tokens of a prompt, for its first token', unit: 'tokens' },
    from: Object.fromEntries(from) as TurningPoint['from'],
  };
}

/** Milliseconds to the first token of a prompt on an idle card. */
function prefill(card: string, model: string, tokens: number): number {
  return stepTime(on(card, model), DEFAULT_EFFICIENCY)(prefillWork(tokens)).total;
}

/** Times to the first token by prompt length and card. */
export interface PromptTimes {
  readonly model: string;
  readonly rows: readonly {
    readonly tokens: number;
    readonly cards: readonly { readonly gpu: string; readonly ms: number }[];
  }[];
}

/** Times to the first token on an idle card, by prompt length. */
export function promptTimes(model: string, lengths: readonly number[]): PromptTimes {
  const rows = lengths.map((tokens) => {
    const cards = ['h20', ...RIVALS].map((card) => {
      return { gpu: on(card, model).card.name, ms: prefill(card, model, tokens) };
    });
    return { tokens, cards };
  });
  return { model, rows };
}

/** Cards by their time for one user's token, the fastest first. A multiplication takes the time of `rows` rows. */
export interface TileRanking {
  readonly model: string;
  readonly rows: number;
  readonly cards: readonly { readonly gpu: string; readonly ms: number }[];
}

/** Cards by time per token, on the roofline and with tiles. Tiles have 64 rows, as Hopper's matrix units take. */
export function tileRankings(model: string): TileRanking[] {
  return [1, 64].map((tileRows) => {
    const cards = ['h20', ...RIVALS].map((card) => {
      const deployment = on(card, model);
      return { gpu: deployment.card.name, ms: decodeStep(deployment, { all: { tileRows } }) };
    });
    return { model, rows: tileRows, cards: cards.sort((a, b) => a.ms - b.ms) };
  });
}

/** Deployment of a model on one card, even if too large. A step does not ask. */
export function on(card: string, model: string): Deployment {
  return deploymentOf({ card: cardNamed(card, 'the study'), model: modelNamed(model, 'the study') });
}

/** Bisects for the first value from which a condition holds. It must hold from there to the range's end. */
function firstWhere(
  holds: (value: number) => boolean,
  [best, worst]: readonly [number, number],
  whole: boolean,
): number | undefined {
  if (!holds(worst)) return undefined;
  let [not, is] = [best, worst];
  if (holds(best)) return best;
  while (Math.abs(is - not) > (whole ? 1 : 1e-3)) {
    const middle = whole ? Math.floor((is + not) / 2) : (is + not) / 2;
    if (holds(middle)) is = middle;
    else not = middle;
  }
  return is;
}
