/** Request of a trace, parsed from its line. */
export interface TracedRequest {
  /** Milliseconds since any epoch. */
  readonly at: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Hash of each block of the input: equal ids are equal text. */
  readonly hashIds?: readonly number[];
}

/** Throws an error about the current line. */
export type Refuse = (message: string) => never;

/** Parses a line of one form. */
export type TraceForm = (line: string, refuse: Refuse) => TracedRequest;

/**
 * Parses a Mooncake line. Such as `{"timestamp": 27482, "input_length": 6955, "output_length": 52, "hash_ids": [46,
 * 47]}`.
 */
export function readJsonRow(line: string, refuse: Refuse): TracedRequest {
  let row: Readonly<Record<string, unknown>>;
  try {
    row = JSON.parse(line) as typeof row;
  } catch (error) {
    return refuse(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { timestamp, input_length: input, output_length: output, hash_ids: hashIds } = row;
  const request = {
    at: milliseconds('timestamp', timestamp, refuse),
    inputTokens: tokens('input_length', input, refuse),
    outputTokens: tokens('output_length', output, refuse),
  };
  if (hashIds === undefined) return request;
  const areIds = Array.isArray(hashIds) && hashIds.every((id) => Number.isSafeInteger(id));
  return areIds ? { ...request, hashIds } : refuse(`hash_ids: expected a list of whole numbers, got ${show(hashIds)}`);
}

/** Column names of a CSV trace, and the unit of its times. */
interface Table {
  readonly columns: readonly [at: string, input: string, output: string];
  readonly read: (name: string, value: unknown, refuse: Refuse) => number;
}

const TABLES: readonly Table[] = [
  { columns: ['timestamp', 'input_length', 'output_length'], read: milliseconds },
  // BurstGPT: seconds since the start of the first day.
  { columns: ['Timestamp', 'Request tokens', 'Response tokens'], read: seconds },
  // Azure's LLM inference traces.
  { columns: ['TIMESTAMP', 'ContextTokens', 'GeneratedTokens'], read: dateTime },
];

/** Detects the form of a CSV trace by its header. */
export function readHeader(line: string, refuse: Refuse): TraceForm {
  const names = cellsOf(line);
  const table = TABLES.find(({ columns }) => columns.every((name) => names.includes(name)));
  if (!table) {
    const known = TABLES.map(({ columns }) => columns.join(','));
    return refuse(
      `no trace that is known: expected a line such as {"timestamp": 0, "input_length": 512, "output_length": 64}, ` +
        `or the columns ${known.join(' or ')}, got ${show(line)}`,
    );
  }
  const [at, input, output] = table.columns;
  const [atIndex, inputIndex, outputIndex] = table.columns.map((name) => names.indexOf(name)) as [
    number,
    number,
    number,
  ];
  return (row, no) => {
    const cells = cellsOf(row);
    if (cells.length !== names.length) no(`expected ${names.length} values, got ${cells.length}`);
    return {
      at: table.read(at, cells[atIndex], no),
      inputTokens: tokens(input, numberOf(cells[inputIndex]), no),
      outputTokens: tokens(output, numberOf(cells[outputIndex]), no),
    };
  };
}

/** Splits a line into unquoted values. No form has commas or line breaks in a value. */
function cellsOf(line: string): string[] {
  return line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
}

function milliseconds(name: string, value: unknown, refuse: Refuse): number {
  const ms = numberOf(value);
  if (typeof ms === 'number' && Number.isFinite(ms)) return ms;
  return refuse(`${name}: expected milliseconds, got ${show(value)}`);
}

function seconds(name: string, value: unknown, refuse: Refuse): number {
  const count = numberOf(value);
  if (typeof count === 'number' && Number.isFinite(count)) return 1000 * count;
  return refuse(`${name}: expected seconds, got ${show(value)}`);
}

const DATE_TIME = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?$/;

/** Parses a time such as `2023-11-16 18:17:03.9799600`. It may have more digits than a Date. */
function dateTime(name: string, value: unknown, refuse: Refuse): number {
  const [, date, time, fraction = '0', zone = 'Z'] = DATE_TIME.exec(String(value)) ?? [];
  const ms = Date.parse(`${date}T${time}${zone}`) + 1000 * Number(fraction);
  if (Number.isFinite(ms)) return ms;
  return refuse(`${name}: expected a time such as 2023-11-16 18:17:03.9799600, got ${show(value)}`);
}

function tokens(name: string, value: unknown, refuse: Refuse): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  return refuse(`${name}: expected a whole number of tokens, got ${show(value)}`);
}

/** Number in a cell; other values are returned unchanged. */
function numberOf(value: unknown): unknown {
  if (typeof value !== 'string' || value === '') return value;
  const number = Number(value);
  return Number.isNaN(number) ? value : number;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
