import {
  CARDS,
  type Card,
  DEFAULT_EFFICIENCY,
  DEFAULT_UTILIZATION,
  type Deployment,
  deploymentOf,
  divides,
  fits,
  MODELS,
  type Model,
} from '../../engine/hardware/index.js';

/** Cards, models and load of a study. */
export interface StudyPlan {
  /** Slugs of the catalogue. */
  readonly cards: readonly string[];
  readonly models: readonly string[];
  readonly tensorParallel: readonly number[];
  /** Peak users of the runs that measure throughput. */
  readonly users: readonly number[];
  readonly ramp: string;
  readonly hold: string;
  /** Prompts that the one user of the runs that measure latency asks. */
  readonly latencyPrompts: number;
  readonly prompts: { readonly file: string; readonly sample: number };
  /** The longest sequence that servers are started for. */
  readonly maxModelLen: number;
  readonly seed: number;
}

/** The study that `tokenswarm study` makes, but for its data set. */
export const STUDY: Omit<StudyPlan, 'prompts'> = {
  cards: ['rtx-4090', 'a800', 'h800', 'h20'],
  models: ['qwen2.5-7b', 'qwen2.5-14b', 'qwen2.5-72b'],
  tensorParallel: [1, 2, 4, 8],
  users: [1, 4, 8, 16, 32, 64, 128, 256],
  ramp: '1m',
  hold: '10m',
  latencyPrompts: 1000,
  maxModelLen: 4096,
  seed: 1,
};

/** Prompts that a study samples for throughput. */
export const SAMPLE = 500;

/** Deployments of a study that fit, by model, then number of cards. */
export function deployments(
  plan: Pick<StudyPlan, 'cards' | 'models' | 'tensorParallel' | 'maxModelLen'>,
): Deployment[] {
  const [cards, models] = [known<Card>(CARDS, plan.cards), known<Model>(MODELS, plan.models)];
  return models.flatMap((model) =>
    plan.tensorParallel.flatMap((tensorParallel) =>
      cards
        .map((card) => deploymentOf({ card, model, tensorParallel }))
        .filter((deployment) => divides(model, tensorParallel) && hasRoom(deployment, plan.maxModelLen)),
    ),
  );
}

function hasRoom(deployment: Deployment, maxLength: number): boolean {
  return fits({ deployment, maxLength, utilization: DEFAULT_UTILIZATION, efficiency: DEFAULT_EFFICIENCY });
}

function known<Item>(all: ReadonlyMap<string, Item>, slugs: readonly string[]): Item[] {
  return slugs.map((slug) => {
    const item = all.get(slug);
    if (!item) throw new Error(`there is no ${slug} in the catalogue`);
    return item;
  });
}

/** `h800-qwen2.5-7b-tp1`. */
export function slugOf({ card, model, tensorParallel }: Deployment): string {
  return `${card.slug}-${model.slug}-tp${tensorParallel}`;
}

/** Labels by which a deployment's runs are grouped. */
export function labelsOf({ card, model, tensorParallel }: Deployment): Record<'gpu' | 'model' | 'tp', string> {
  return { gpu: card.name, model: model.name, tp: String(tensorParallel) };
}
