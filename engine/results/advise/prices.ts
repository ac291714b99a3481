import { configError, didYouMean } from '../../errors.js';
import { CARDS, findCard } from '../../hardware/index.js';
import { plainObject, show } from '../../schema.js';
import { canonical } from '../group/label.js';

/** Prices of cards per hour. */
export interface Prices {
  readonly currency: string;
  /** Price by card, under its canonical label. */
  readonly perCardHour: ReadonlyMap<string, { readonly name: string; readonly price: number }>;
}

const FIELDS = ['currency', 'perCardHour'];

/** Parses the content of a price file. Throws a UserError with every invalid field. */
export function readPrices(file: string, content: unknown): Prices {
  const { currency, perCardHour: given, ...others } = plainObject(content) ?? {};
  const problems: string[] = Object.keys(others).map((name) => `${name}: is not known${didYouMean(name, FIELDS)}`);
  if (typeof currency !== 'string' || currency === '') problems.push(`currency: ${wanted('a text', currency)}`);
  const prices = plainObject(given);
  if (!prices) problems.push(`perCardHour: ${wanted('an object of prices', given)}`);
  const perCardHour = new Map<string, { name: string; price: number }>();
  for (const [name, price] of Object.entries(prices ?? {})) {
    if (typeof price !== 'number' || !(price >= 0 && price < Number.POSITIVE_INFINITY)) {
      problems.push(`perCardHour.${name}: ${wanted('a number from 0 up', price)}`);
      continue;
    }
    const card = canonical('gpu', name);
    const before = perCardHour.get(card);
    if (before) problems.push(`perCardHour: ${before.name} and ${name} are the same card`);
    perCardHour.set(card, { name, price });
  }
  if (problems.length > 0 || typeof currency !== 'string') throw configError(file, problems.join('\n'), PRICES);
  return { currency, perCardHour };
}

/** Refuses prices of unknown cards. `cards` are those of the results, known besides the catalogue's. */
export function refuseUnknownCards(file: string, { perCardHour }: Prices, cards: readonly string[]): void {
  const known = new Set(cards.map((card) => canonical('gpu', card)));
  const problems = [...perCardHour].flatMap(([slug, { name }]) => {
    if (known.has(slug) || findCard(name)) return [];
    return [`perCardHour: no card is called ${name}${didYouMean(name, [...cards, ...CARDS.keys()])}`];
  });
  if (problems.length > 0) throw configError(file, problems.join('\n'), PRICES);
}

function wanted(what: string, got: unknown): string {
  return got === undefined ? 'is missing' : `expected ${what}, got ${show(got)}`;
}

/** Hint on the form of a price file. */
export const PRICES = 'prices look like {"currency": "USD", "perCardHour": {"H800": 2.5, "RTX 4090": 0.4}}';
