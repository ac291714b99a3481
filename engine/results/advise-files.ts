import { type Advice, type Asked, advise } from './advise/advice.js';
import { readPrices } from './advise/prices.js';
import { findRecords } from './benchmark-files.js';
import { readJson, readSaved } from './saved-record.js';

/**
 * Advises from run records in files, folders or patterns, and prices. Throws a UserError if no record is found, labels
 * are contradictory, or a condition or the prices are invalid.
 */
export async function adviseFiles(
  places: readonly string[],
  asked: Omit<Asked, 'prices'>,
  priceFile?: string,
): Promise<Advice> {
  const prices =
    priceFile === undefined ? undefined : readPrices(priceFile, readJson(priceFile, await readSaved(priceFile)));
  const { runs, leftOut } = await findRecords(places);
  return advise(runs, { ...asked, ...(prices && { prices }) }, leftOut);
}
