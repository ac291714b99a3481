import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../errors.js';
import { openReader, type Store } from '../byte-reader.js';
import { dataError } from '../data-error.js';
import { openSource } from '../source.js';
import { elementSpans, lineSpans, type Span } from '../spans.js';
import type { Refuse } from '../trace-fields.js';
import type { RecordedSession } from './recorded-session.js';
import { groupRows } from './row-groups.js';
import { refuseStranger } from './session-strangers.js';
import { TURN_FORMS } from './turn-lines.js';
import { clockIn, isWeka, readWeka, type SubagentClock } from './weka.js';

/** Sessions of a file or folder: where each of them is. Plain data; its lists are in shared memory. */
export interface SessionIndex {
  readonly path: string;
  /** Form of the file, in words. */
  readonly form: string;
  readonly size: number;
  readonly files: readonly { readonly path: string; readonly store: Store }[];
  /** File, first and last byte, and line of each row. */
  readonly rows: Float64Array;
  /** Index of each session's first row, and their number at the end. */
  readonly starts: Uint32Array;
  readonly clock: SubagentClock;
}

/** Numbers that a row of the index has. */
const ROW = 4;

/** Sessions looked at for the clock of their subagents. */
const MOST_LOOKED_AT = 64;

const HINT = 'docs/agents.md shows the forms of recorded sessions';

/** Place of a row, while the index is made. */
interface PlacedRow {
  readonly file: number;
  readonly span: Span;
}

/** Finds the sessions of a file or folder, without reading them all. Throws a UserError. */
export function openSessions(path: string): SessionIndex {
  const files = filesOf(path).map((each) => ({
    path: each,
    store: openSource(each, /\.gz$/i.test(each) ? {} : { heldAtMost: 0 }).store,
  }));
  const placed = files.flatMap((file, index) => [...rowsOf(file)].map((span) => ({ file: index, span })));
  const [first] = placed;
  if (!first) throw dataError(path, 'there is no session in it', HINT);
  const textOf = ({ file, span }: PlacedRow) => read(files[file]!.store, span.start, span.end);
  const refuseAt = refusal(files, (row) => [placed[row]?.file ?? 0, placed[row]?.span.line ?? 0]);
  const row = parse(textOf(first), refuseAt(0));
  const turnForm = TURN_FORMS.find((form) => form.isOf(row));
  if (!turnForm && !isWeka(row)) refuseStranger(row, refuseAt(0));
  const groups = turnForm ? groupRows(placed, textOf, turnForm, refuseAt) : placed.map((_, index) => [index]);
  return {
    path,
    form: turnForm?.name ?? 'kv-cache-tester (Weka)',
    size: groups.length,
    files,
    ...shared(placed, groups),
    clock: turnForm ? 'session' : clockOf(placed, textOf, refuseAt),
  };
}

function filesOf(path: string): readonly string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
  } catch {
    // Opening it says what is wrong.
    return [path];
  }
  const names = readdirSync(path).filter((name) => /\.(jsonl?|ndjson)(\.gz)?$/i.test(name));
  if (names.length === 0) throw dataError(path, 'the folder has no .json or .jsonl file', HINT);
  return names.sort().map((name) => join(path, name));
}

/** Rows of a file: its lines, elements, or all of it. */
function* rowsOf({ path, store }: SessionIndex['files'][number]): Generator<Span, void> {
  const reader = openReader(store, WINDOW);
  const head = reader.text(0, Math.min(reader.size, HEAD));
  if (head.trimStart().startsWith('[')) {
    yield* elementSpans(reader, 0, path);
    return;
  }
  const [first = ''] = head.trimStart().split('\n', 1);
  // An object over several lines is one session.
  if (/^\{\s*$/.test(first) || (first.startsWith('{') && first.length < HEAD / 2 && !isJson(first))) {
    yield { start: 0, end: reader.size, line: 1 };
    return;
  }
  for (const span of lineSpans(reader, 0)) if (span.end - span.start > 1) yield span;
}

const WINDOW = 4 * 2 ** 20;
const HEAD = 64 * 1024;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function shared(placed: readonly PlacedRow[], groups: readonly (readonly number[])[]) {
  const count = groups.reduce((sum, group) => sum + group.length, 0);
  const rows = new Float64Array(new SharedArrayBuffer(8 * ROW * count));
  const starts = new Uint32Array(new SharedArrayBuffer(4 * (groups.length + 1)));
  let next = 0;
  for (const [session, group] of groups.entries()) {
    starts[session] = next;
    for (const index of group) {
      const { file, span } = placed[index]!;
      rows.set([file, span.start, span.end, span.line], ROW * next);
      next += 1;
    }
  }
  starts[groups.length] = next;
  return { rows, starts };
}

/** One clock for all subagents, by the first sessions that tell. */
function clockOf(
  placed: readonly PlacedRow[],
  textOf: (row: PlacedRow) => string,
  refuseAt: (row: number) => Refuse,
): SubagentClock {
  let found: { readonly clock: SubagentClock; readonly row: number } | undefined;
  for (const [index, row] of placed.slice(0, MOST_LOOKED_AT).entries()) {
    const clock = clockIn(parse(textOf(row), refuseAt(index)));
    if (clock === undefined) continue;
    // What is after its marker by that clock may be so by chance; what is before it is not.
    if (clock === 'marker') return 'marker';
    found ??= { clock, row: index };
  }
  return found?.clock ?? 'session';
}

/** Reads one session. Throws a UserError with its line. */
export function readSession(index: SessionIndex, session: number): RecordedSession {
  const { rows, starts, files, clock } = index;
  const placeOf = (row: number) => [rows[ROW * row] ?? 0, rows[ROW * row + 3] ?? 0] as const;
  const refuseAt = refusal(files, placeOf);
  const from = starts[session] ?? 0;
  const own = Array.from({ length: (starts[session + 1] ?? 0) - from }, (_, n) => {
    const row = from + n;
    const [file = 0, start = 0, end = 0] = rows.subarray(ROW * row, ROW * row + 3);
    const refuse = refuseAt(row);
    return { row: parse(read(files[file]!.store, start, end), refuse), refuse };
  });
  const [first] = own;
  if (!first) throw new Error(`there is no session ${session}`);
  const form = TURN_FORMS.find((each) => each.isOf(first.row));
  if (!form) return readWeka(first.row, clock, `session ${session + 1}`, first.refuse);
  return form.read(form.linkOf(first.row, first.refuse).session ?? `session ${session + 1}`, own);
}

/** Starts of all sessions in milliseconds, by the first row of each. Undefined where the file has none. */
export function startsOf({ rows, starts, files, size }: SessionIndex): Float64Array | undefined {
  const refuseAt = refusal(files, (row) => [rows[ROW * row] ?? 0, rows[ROW * row + 3] ?? 0]);
  const found = new Float64Array(size);
  for (let session = 0; session < size; session += 1) {
    const row = starts[session] ?? 0;
    const [file = 0, from = 0, to = 0] = rows.subarray(ROW * row, ROW * row + 3);
    const first = parse(read(files[file]!.store, from, to), refuseAt(row));
    const start = TURN_FORMS.find((form) => form.isOf(first))?.startOf(first, refuseAt(row));
    if (start === undefined) return undefined;
    found[session] = start;
  }
  return found;
}

function refusal(
  files: SessionIndex['files'],
  placeOf: (row: number) => readonly [file: number, line: number],
): (row: number) => Refuse {
  return (row) => (message) => {
    const [file, line] = placeOf(row);
    throw dataError(`${files[file]?.path ?? ''}:${line}`, message, HINT);
  };
}

function read(store: Store, start: number, end: number): string {
  return openReaderOnce(store).text(start, end);
}

/** Readers of this thread, by store. */
const readers = new WeakMap<object, ReturnType<typeof openReader>>();

function openReaderOnce(store: Store): ReturnType<typeof openReader> {
  const key = 'held' in store ? store.held : store;
  const known = readers.get(key) ?? openReader(store);
  readers.set(key, known);
  return known;
}

function parse(text: string, refuse: Refuse): Readonly<Record<string, unknown>> {
  try {
    const row: unknown = JSON.parse(text);
    if (typeof row === 'object' && row !== null && !Array.isArray(row)) return row as Readonly<Record<string, unknown>>;
  } catch (error) {
    return refuse(`not JSON: ${messageOf(error)}`);
  }
  return refuse(`expected an object, got ${text.slice(0, 40)}`);
}
