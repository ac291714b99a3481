import { type Advice, type Asked, advise } from './advise/advice.js';
import { readPrices } from './advise/prices.js';
import { findRecords } from './benchmark-files.js';
import { readJson, readSaved } from './saved-record.js';

/**
 * Advises from the records in some places, which are files, folders or patterns, with the prices of a file. Throws a UserError where
 * there is no record, where labels are contradictory, or where a condition or the prices cannot be read.
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
