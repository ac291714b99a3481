import { configError, messageOf, UserError } from '../errors.js';
import { lazily } from '../lazy-require.js';
import type { Row } from './row-prompt.js';

const csv = lazily<typeof import('csv-parse/sync')>('csv-parse/sync');

/** Separator of the values in a line. */
export type Delimiter = ',' | ';' | '\t';

/** Detects the delimiter of a CSV by its first line. The most frequent outside of quotes, else a comma. */
export function delimiterOf(text: string): Delimiter {
  const head = text.replace(/^\s+/, '').split('\n', 1)[0] ?? '';
  const bare = head.replace(/"[^"]*"/g, '');
  const count = (delimiter: Delimiter) => bare.split(delimiter).length - 1;
  if (count(';') > count(',')) return count('\t') > count(';') ? '\t' : ';';
  return count('\t') > count(',') ? '\t' : ',';
}

/** Reads all cells of a table, heads included. Throws a UserError with the line. */
export function readCells(path: string, text: string, delimiter: Delimiter): string[][] {
  try {
    return csv().parse(text, { delimiter, bom: true, skip_empty_lines: true, relax_column_count: true, trim: true });
  } catch (error) {
    throw csvError(path, delimiter, error);
  }
}

/** Calls `take` for each record, with the line on which it ends. */
export function eachDelimited(
  path: string,
  text: string,
  delimiter: Delimiter,
  take: (row: Row, line: number) => void,
): void {
  try {
    csv().parse(text, {
      delimiter,
      columns: (names: string[]) => columnsOf(path, names),
      skip_empty_lines: true,
      // A record is dropped where null is returned.
      on_record: (row: Row, { lines }) => {
        take(row, lines);
        return null;
      },
    });
  } catch (error) {
    throw csvError(path, delimiter, error);
  }
}

function csvError(path: string, delimiter: Delimiter, error: unknown): UserError {
  if (error instanceof UserError) return error;
  const line = error instanceof csv().CsvError ? error.lines : undefined;
  const where = line === undefined ? path : `${path}:${line}`;
  return configError(where, `not ${NAMES[delimiter]}: ${messageOf(error)}`, FORM);
}

const NAMES = { ',': 'CSV', ';': 'CSV', '\t': 'TSV' };

/** Column names of the first line. They must exist and differ, since the parser would keep the last of two alike. */
function columnsOf(path: string, names: readonly string[]): string[] {
  const columns = names.map((name) => name.trim());
  const empty = columns.indexOf('');
  if (empty >= 0) throw configError(`${path}:1`, `column ${empty + 1} has no name`, FORM);
  const twice = columns.find((name, index) => columns.indexOf(name) < index);
  if (twice !== undefined) throw configError(`${path}:1`, `two columns are called ${JSON.stringify(twice)}`, FORM);
  return columns;
}

const FORM = 'the first line names the columns; a value with a comma, a quote or a line break stands in double quotes';
