import { didYouMean, ExitCode, UserError } from '../errors.js';
import { CARDS, type Card } from './cards.js';
import { MODELS, type Model } from './models.js';

/** The card of a name as people, `nvidia-smi` and labels write it: `H800`, `NVIDIA GeForce RTX 4090`, `NVIDIA A800-SXM4-80GB`. */
export function findCard(name: string): Card | undefined {
  // The size of its memory first: afterwards nothing would keep it apart from the number of the card.
  const key = letters(words(name).replace(/\b\d+ ?gb\b/, ''))
    .replace(/^nvidia/, '')
    .replace(/^(geforce|tesla)/, '')
    .replace(/(sxm\d?|hbm\de?)/g, '');
  return CARD_KEYS.get(key);
}

/** The model of a name: `Qwen/Qwen2.5-7B-Instruct`, `qwen2.5:7b`, `/models/Qwen1.5-14B-Chat-AWQ`. */
export function findModel(name: string): Model | undefined {
  const last = name.replace(/\/+$/, '').split('/').at(-1) ?? '';
  const key = letters(last).replace(/(instruct|chat|base|awq|gptq|int4|int8|fp8|bf16|fp16)+$/, '');
  return MODEL_KEYS.get(key);
}

/** The card of a name, or the UserError that lists all; `where` is the flag or place that it was written in. */
export function cardNamed(name: string, where: string): Card {
  return findCard(name) ?? unknown('card', name, [...CARDS.keys()], where);
}

/** The model of a name, or the UserError that lists all. */
export function modelNamed(name: string, where: string): Model {
  return findModel(name) ?? unknown('model', name, [...MODELS.keys()], where);
}

function unknown(kind: string, name: string, known: readonly string[], where: string): never {
  throw new UserError(`there is no ${kind} ${JSON.stringify(name)} in the catalogue${didYouMean(name, known)}`, {
    where,
    hint: `known are ${known.join(', ')}`,
    exitCode: ExitCode.invalidConfig,
  });
}

/** A name in lower case, with nothing but spaces between its words. */
function words(name: string): string {
  return name.toLowerCase().replace(/[\s\-_:()/]+/g, ' ');
}

/** A name without case and separators. The point of a version stays: it tells Qwen2.5-7B from Qwen2-57B. */
function letters(name: string): string {
  return words(name).replaceAll(' ', '');
}

const CARD_KEYS: ReadonlyMap<string, Card> = new Map(
  [...CARDS.values()].flatMap((card) => {
    const key = letters(card.slug);
    // Of this one people say the number alone.
    return [key, ...(key === 'rtx4090' ? ['4090'] : [])].map((each) => [each, card] as const);
  }),
);

const MODEL_KEYS: ReadonlyMap<string, Model> = new Map(
  [...MODELS.values()].map((model) => [letters(model.slug), model]),
);
