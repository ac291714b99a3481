import { type Delimiter, readCells } from '../../data/delimited.js';
import type { VuState } from '../vu-state.js';
import { K6File, promiseOf } from './files.js';

/** Options of a CSV file. Lines are counted from 0. */
interface CsvOptions {
  readonly delimiter?: string;
  readonly skipFirstLine?: boolean;
  readonly fromLine?: number;
  readonly toLine?: number;
  readonly asObjects?: boolean;
}

type CsvRow = readonly string[] | Readonly<Record<string, string>>;

/** Module `k6/experimental/csv` of one VU. Rows are read once for all VUs of a thread. */
export function csvFor(vu: VuState) {
  const open = (file: unknown, options: CsvOptions | null = {}): readonly CsvRow[] => {
    if (!(file instanceof K6File)) throw new TypeError('csv: expected a file of k6/experimental/fs');
    const name = `csv ${file.path} ${JSON.stringify(options)}`;
    return vu.thread.shared.array(name, () => rowsOf(file, options ?? {})) as readonly CsvRow[];
  };
  /** Constructs a parser of the file's rows. */
  function Parser(file: unknown, options?: CsvOptions): RowReader {
    return new RowReader(open(file, options));
  }

  return {
    parse: (file: unknown, options?: CsvOptions) => promiseOf(open(file, options)),
    Parser,
  };
}

/** Reader of one row after the other. */
class RowReader {
  readonly #rows: readonly CsvRow[];
  #next = 0;

  constructor(rows: readonly CsvRow[]) {
    this.#rows = rows;
  }

  next(): Promise<{ readonly done: boolean; readonly value: CsvRow }> {
    const value = this.#rows[this.#next];
    this.#next += 1;
    return promiseOf({ done: value === undefined, value: value ?? [] });
  }
}

function rowsOf(file: K6File, options: CsvOptions): CsvRow[] {
  const { delimiter = ',', skipFirstLine = false, fromLine = 0, toLine = 0, asObjects = false } = options;
  const cells = readCells(file.path, file.text, delimiter as Delimiter);
  const first = Math.max(fromLine, skipFirstLine || asObjects ? 1 : 0);
  const rows = cells.slice(first, toLine > 0 ? toLine + 1 : undefined);
  if (!asObjects) return rows;
  const names = cells[0] ?? [];
  return rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? ''])));
}
