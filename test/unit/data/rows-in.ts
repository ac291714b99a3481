import type { Row } from '../../../engine/data/row-prompt.js';
import { readRows, rowReader, type Wanted } from '../../../engine/data/rows.js';
import { estimateTokens } from '../../../engine/data/token-estimate.js';

/** All rows of a data set, in order. A file of more bytes than `heldAtMost` is read from disk row by row. */
export function rowsIn(path: string, wanted: Wanted = {}, heldAtMost?: number): Row[] {
  const rows = readRows(path, wanted, { countTokens: estimateTokens, heldAtMost });
  const rowAt = rowReader(rows);
  return Array.from(rows.starts, (_, index) => rowAt(index));
}
