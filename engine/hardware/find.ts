import { configError, didYouMean } from '../errors.js';
import { CARDS, type Card } from './cards.js';
import { MODELS, type Model } from './models.js';

/**
 * Finds a card by a name of users, `nvidia-smi` or labels. Such as `H800`, `NVIDIA GeForce RTX 4090`, `NVIDIA
 * A800-SXM4-80GB`.
 */
export function findCard(name: string): Card | undefined {
  // The memory size first: later it could not be told from the number of the card.
  const key = letters(words(name).replace(/\b\d+ ?gb\b/, ''))
    .replace(/^nvidia/, '')
    .replace(/^(geforce|tesla)/, '')
    .replace(/(sxm\d?|hbm\de?)/g, '');
  return CARD_KEYS.get(key);
}

/** Finds a model by name. Such as `Qwen/Qwen2.5-7B-Instruct`, `qwen2.5:7b`, `/models/Qwen1.5-14B-Chat-AWQ`. */
export function findModel(name: string): Model | undefined {
  const last = name.replace(/\/+$/, '').split('/').at(-1) ?? '';
  const key = letters(last).replace(/(instruct|chat|base|awq|gptq|int4|int8|fp8|bf16|fp16)+$/, '');
  return MODEL_KEYS.get(key);
}

/** Finds a card, or throws a UserError that lists all. `where` is the flag or place of the name. */
export function cardNamed(name: string, where: string): Card {
  return findCard(name) ?? unknown('card', name, [...CARDS.keys()], where);
}

/** Finds a model, or throws a UserError that lists all. */
export function modelNamed(name: string, where: string): Model {
  return findModel(name) ?? unknown('model', name, [...MODELS.keys()], where);
}

function unknown(kind: string, name: string, known: readonly string[], where: string): never {
  throw configError(
    where,
    `there is no ${kind} ${JSON.stringify(name)} in the catalogue${didYouMean(name, known)}`,
    `known are ${known.join(', ')}`,
  );
}

/** Lower-cases a name and replaces separators by spaces. */
function words(name: string): string {
  return name.toLowerCase().replace(/[\s\-_:()/]+/g, ' ');
}

/**
 * Lower-cases a name and removes separators. The point of a version remains: it distinguishes Qwen2.5-7B from
 * Qwen2-57B.
 */
function letters(name: string): string {
  return words(name).replaceAll(' ', '');
}

const CARD_KEYS: ReadonlyMap<string, Card> = new Map(
  [...CARDS.values()].flatMap((card) => {
    const key = letters(card.slug);
    // Commonly named by its number alone.
    return [key, ...(key === 'rtx4090' ? ['4090'] : [])].map((each) => [each, card] as const);
  }),
);

const MODEL_KEYS: ReadonlyMap<string, Model> = new Map(
  [...MODELS.values()].map((model) => [letters(model.slug), model]),
);
