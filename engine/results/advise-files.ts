import { type Advice, type AdviceRequest, advise } from './advise/advice.js';
import { PRICES, readPrices, refuseUnknownCards } from './advise/prices.js';
import { findRecords } from './benchmark-files.js';
import { labelOf } from './group/label.js';
import { readJson, readSaved } from './saved-record.js';

/**
 * Advises from run records in files, folders or patterns, and prices. Throws a UserError if no record is found, labels
 * are contradictory, or a condition or the prices are invalid.
 */
export async function adviseFiles(
  places: readonly string[],
  asked: Omit<AdviceRequest, 'prices'>,
  priceFile?: string,
): Promise<Advice> {
  const prices =
    priceFile === undefined
      ? undefined
      : readPrices(priceFile, readJson(priceFile, await readSaved(priceFile, PRICES), PRICES));
  const { runs, leftOut } = await findRecords(places);
  if (prices && priceFile !== undefined) {
    refuseUnknownCards(priceFile, prices, [...new Set(runs.flatMap(({ record }) => labelOf(record, 'gpu') ?? []))]);
  }
  return advise(runs, { ...asked, ...(prices && { prices }) }, leftOut);
}
