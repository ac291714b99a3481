import * as v from 'valibot';
import { configError } from '../../errors.js';
import { canonical } from '../group/label.js';

/** Prices of cards per hour. */
export interface Prices {
  readonly currency: string;
  /** Price by card, under its canonical label. */
  readonly perCardHour: ReadonlyMap<string, { readonly name: string; readonly price: number }>;
}

const shape = v.strictObject({
  currency: v.pipe(v.string(), v.minLength(1)),
  perCardHour: v.record(v.string(), v.pipe(v.number(), v.finite(), v.minValue(0))),
});

/** Parses the content of a price file. Throws a UserError with the path of every invalid field. */
export function readPrices(file: string, content: unknown): Prices {
  const { success, output, issues } = v.safeParse(shape, content);
  if (!success) {
    throw configError(
      file,
      issues.map((issue) => `${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`).join('\n'),
      EXAMPLE,
    );
  }
  const perCardHour = new Map<string, { name: string; price: number }>();
  const problems: string[] = [];
  for (const [name, price] of Object.entries(output.perCardHour)) {
    const card = canonical('gpu', name);
    const before = perCardHour.get(card);
    if (before) problems.push(`perCardHour: ${before.name} and ${name} are the same card`);
    perCardHour.set(card, { name, price });
  }
  if (problems.length > 0) throw configError(file, problems.join('\n'), EXAMPLE);
  return { currency: output.currency, perCardHour };
}

const EXAMPLE = 'prices look like {"currency": "USD", "perCardHour": {"H800": 2.5, "RTX 4090": 0.4}}';
