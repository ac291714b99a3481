import { type Delimiter, delimiterOf } from './delimited.js';
import { type Clock, clockOf, dateTime, numberOf, type Refuse, show, tokens } from './trace-fields.js';

/** Request of a trace, parsed from its line. */
export interface TracedRequest {
  /** Time since any epoch, in the unit of its form. */
  readonly at: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Hash of each block of the input: equal ids are equal text. */
  readonly hashIds?: readonly number[];
}

/** Form of a trace. */
export interface TraceForm {
  readonly read: (line: string, refuse: Refuse) => TracedRequest;
  /** Milliseconds per unit of time; undefined where only the times can tell. */
  readonly unit: number | undefined;
  /** Tokens per hash, unless the hashes contradict. */
  readonly block: number;
}

/** Tokens per hash in traces of Mooncake and of Qwen-Bailian. */
const [MOONCAKE, BAILIAN] = [512, 16];

/** Unsupported traces, recognised by their fields. */
const STRANGERS: readonly (readonly [name: string, fields: readonly string[]])[] = [
  ['sessions of kv-cache-tester or AgentX, with their requests inside', ['requests', 'block_size']],
  ['rounds of TraceLab', ['round_index', 'timing_events']],
  ['sessions of aiperf, whose later turns have a delay and only what is new', ['session_id', 'delay']],
];

/**
 * Detects the form of JSON lines by the first. Mooncake's `{"timestamp": 27482, "input_length": 6955, "output_length": 52,
 * "hash_ids": [46, 47]}`, or Qwen-Bailian's, which have the same names beside `chat_id`, times in seconds and smaller blocks.
 */
export function readFirstRow(line: string, refuse: Refuse): TraceForm {
  const row = objectOf(line, refuse);
  refuseStrangers(row, refuse);
  const { clock, unit } = clockOf(row.timestamp);
  const read = (text: string, no: Refuse) => readJsonRow(text, clock, no);
  const isBailian = 'chat_id' in row || 'parent_chat_id' in row;
  return isBailian ? { read, unit: unit ?? 1000, block: BAILIAN } : { read, unit, block: MOONCAKE };
}

function refuseStrangers(row: object, refuse: Refuse): void {
  const stranger = STRANGERS.find(([, fields]) => fields.every((field) => field in row))?.[0];
  if (stranger) refuse(`these are ${stranger}, which are not played: expected one request a line`);
}

function readJsonRow(line: string, clock: Clock, refuse: Refuse): TracedRequest {
  const row = objectOf(line, refuse);
  const { timestamp, input_length: input, output_length: output, hash_ids: hashIds } = row;
  if (timestamp === undefined) refuseStrangers(row, refuse);
  const request = {
    at: clock('timestamp', timestamp, refuse),
    inputTokens: tokens('input_length', input, refuse),
    outputTokens: tokens('output_length', output, refuse),
  };
  if (hashIds === undefined) return request;
  const areIds = Array.isArray(hashIds) && hashIds.every((id) => Number.isSafeInteger(id));
  return areIds ? { ...request, hashIds } : refuse(`hash_ids: expected a list of whole numbers, got ${show(hashIds)}`);
}

function objectOf(line: string, refuse: Refuse): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch (error) {
    return refuse(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Column names of a CSV trace, and the unit of its times. */
interface Table {
  readonly columns: readonly [at: string, input: string, output: string];
  readonly unit: number | 'date' | undefined;
}

const TABLES: readonly Table[] = [
  { columns: ['timestamp', 'input_length', 'output_length'], unit: undefined },
  // BurstGPT: seconds since the start of the first day.
  { columns: ['Timestamp', 'Request tokens', 'Response tokens'], unit: 1000 },
  // Azure's LLM inference traces.
  { columns: ['TIMESTAMP', 'ContextTokens', 'GeneratedTokens'], unit: 'date' },
];

/** Detects the form of a CSV trace by its first two lines. */
export function readHeader(line: string, second: string, refuse: Refuse): TraceForm {
  const delimiter = delimiterOf(line);
  const names = cellsOf(line, delimiter).map((name) => name.toLowerCase());
  const table = TABLES.find(({ columns }) => columns.every((name) => names.includes(name.toLowerCase())));
  if (!table) {
    const known = TABLES.map(({ columns }) => columns.join(','));
    return refuse(
      `unknown trace format: expected a line such as {"timestamp": 0, "input_length": 512, "output_length": 64}, ` +
        `or the columns ${known.join(' or ')}, got ${show(line)}`,
    );
  }
  const [at, input, output] = table.columns;
  const places = table.columns.map((name) => names.indexOf(name.toLowerCase())) as [number, number, number];
  const [atPlace, inputPlace, outputPlace] = places;
  // Where semicolons stand between values, a comma stands in numbers.
  const isComma = delimiter === ';';
  const cellsIn = (row: string) => cellsOf(row, delimiter).map((cell) => (isComma ? pointed(cell) : cell));
  const found = clockOf(cellsIn(second)[atPlace]);
  const { clock, unit } = table.unit === 'date' ? { clock: dateTime, unit: 1 } : found;
  return {
    unit: unit ?? (typeof table.unit === 'number' ? table.unit : undefined),
    block: MOONCAKE,
    read: (row, no) => {
      const cells = cellsIn(row);
      if (cells.length !== names.length) no(`expected ${names.length} values, got ${cells.length}`);
      return {
        at: clock(at, cells[atPlace], no),
        inputTokens: tokens(input, numberOf(cells[inputPlace]), no),
        outputTokens: tokens(output, numberOf(cells[outputPlace]), no),
      };
    },
  };
}

/** Splits a line into unquoted values. No form has delimiters or line breaks in a value. */
function cellsOf(line: string, delimiter: Delimiter): string[] {
  return line.split(delimiter).map((cell) =>
    cell
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .trim(),
  );
}

function pointed(cell: string): string {
  return /^-?\d+,\d+$/.test(cell) ? cell.replace(',', '.') : cell;
}
