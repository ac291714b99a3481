import * as v from 'valibot';
import { ExitCode, UserError } from '../../errors.js';
import { canonical } from '../group/label.js';

/** What cards cost by the hour. */
export interface Prices {
  readonly currency: string;
  /** By card, as labels are compared. */
  readonly perCardHour: ReadonlyMap<string, { readonly name: string; readonly price: number }>;
}

const shape = v.strictObject({
  currency: v.pipe(v.string(), v.minLength(1)),
  perCardHour: v.record(v.string(), v.pipe(v.number(), v.finite(), v.minValue(0))),
});

/** Reads the content of a file of prices. Throws a UserError with the path of every field that is wrong. */
export function readPrices(file: string, content: unknown): Prices {
  const { success, output, issues } = v.safeParse(shape, content);
  if (!success) {
    throw refuse(file, issues.map((issue) => `${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`).join('\n'));
  }
  const perCardHour = new Map<string, { name: string; price: number }>();
  const problems: string[] = [];
  for (const [name, price] of Object.entries(output.perCardHour)) {
    const card = canonical('gpu', name);
    const before = perCardHour.get(card);
    if (before) problems.push(`perCardHour: ${before.name} and ${name} are the same card`);
    perCardHour.set(card, { name, price });
  }
  if (problems.length > 0) throw refuse(file, problems.join('\n'));
  return { currency: output.currency, perCardHour };
}

function refuse(file: string, message: string): UserError {
  return new UserError(message, {
    where: file,
    hint: 'prices look like {"currency": "USD", "perCardHour": {"H800": 2.5, "RTX 4090": 0.4}}',
    exitCode: ExitCode.invalidConfig,
  });
}
