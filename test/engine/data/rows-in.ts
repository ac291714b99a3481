import type { Row } from '../../../engine/data/prompt.js';
import { readRow } from '../../../engine/data/records.js';
import { readRows, textReader, type Wanted } from '../../../engine/data/rows.js';
import { estimateTokens } from '../../../engine/data/token-estimate.js';

/** All rows of a data set, read in order; a file of more bytes than `heldAtMost` where it stands. */
export function rowsIn(path: string, wanted: Wanted = {}, heldAtMost?: number): Row[] {
  const rows = readRows(path, wanted, { countTokens: estimateTokens, heldAtMost });
  const textAt = textReader(rows);
  return Array.from(rows.starts, (_, index) => readRow(path, textAt(index), rows.text));
}
