import { messageOf } from '../errors.js';
import { openReader, type Store } from './byte-reader.js';
import { type Container, containerOf, type Format } from './container.js';
import { dataError, sizeText } from './data-error.js';
import { delimiterOf, eachDelimited } from './delimited.js';
import { checkLines, notUtf8, UNREADABLE } from './encoding.js';
import type { Row } from './row-prompt.js';
import { HELD_AT_MOST, openSource, type Source, shared } from './source.js';
import { elementSpans, lineSpans, type Span } from './spans.js';

/** Encoding of one record's bytes. */
export type RecordText = 'json' | 'plain';

/** Records of a file: their bytes, and the place of each. */
export interface Records {
  readonly store: Store;
  readonly text: RecordText;
  /** Records with their rows, in order. Throws a UserError at the first invalid one. */
  readonly all: Iterable<PlacedRecord>;
}

interface PlacedRecord {
  readonly row: Row;
  readonly start: number;
  readonly end: number;
  /** Path and line of the record. */
  readonly where: string;
}

/** Format and encoding of a file. Defaults: detected, and UTF-8. */
export interface ReadAs {
  readonly format?: Format | undefined;
  readonly encoding?: string | undefined;
}

/** Opens the records of a data set in any format. Throws a UserError. */
export function recordsOf(path: string, { format, encoding }: ReadAs, heldAtMost = HELD_AT_MOST): Records {
  const source = openSource(path, { heldAtMost, encoding });
  const container = containerOf(source, format);
  const { store, reader, start } = source;
  if (container === 'csv' || container === 'tsv') return fromTable(source, container, heldAtMost);
  const text = container === 'text' ? 'plain' : 'json';
  const spans = container === 'array' ? elementSpans(reader, start, path) : lineSpans(reader, start);
  return { store, text, all: placed(source, spans, container, heldAtMost) };
}

function* placed(
  { path, reader }: Source,
  spans: Iterable<Span>,
  container: Container,
  longest: number,
): Generator<PlacedRecord, void> {
  for (const { start, end, line } of spans) {
    const where = `${path}:${line}`;
    if (end - start > longest) throw dataError(where, `the record has more than ${sizeText(longest)}`);
    const text = reader.text(start, end);
    if (text.includes(UNREADABLE) && !reader.isUtf8(start, end)) throw notUtf8(where);
    if (container !== 'array' && text.trim() === '') continue;
    yield { row: container === 'text' ? { prompt: text.trim() } : rowOf(where, text), start, end, where };
  }
}

/** Parses a record into its row. Throws a UserError for an invalid one. */
export function readRow(where: string, text: string, kind: RecordText): Row {
  return kind === 'plain' ? { prompt: text.trim() } : rowOf(where, text);
}

const OVER_LINES = 'an object over several lines is not a record: put each on one line, or all into an array';

function rowOf(where: string, text: string): Row {
  const record = parse(where, text);
  if (typeof record === 'string') return { prompt: record };
  if (typeof record === 'object' && record !== null && !Array.isArray(record)) return record as Row;
  if (Array.isArray(record)) return { messages: record };
  throw dataError(where, `expected an object or a text, got ${text.trim().slice(0, 40)}`);
}

function parse(where: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const hint = text.trim() === '{' ? OVER_LINES : undefined;
    throw dataError(where, `not JSON: ${messageOf(error)}`, hint);
  }
}

/** Converts a table to JSON lines, once. The ends of its records are known only by parsing it from the beginning. */
function fromTable({ path, store, reader, start }: Source, container: 'csv' | 'tsv', heldAtMost: number): Records {
  if (!('held' in store)) {
    const hint = 'convert it to JSON lines, which are read one by one';
    throw dataError(path, `a table of ${sizeText(reader.size)} is too large: at most ${sizeText(heldAtMost)}`, hint);
  }
  const table = reader.text(start, reader.size);
  if (table.includes(UNREADABLE)) checkLines(path, reader, start);
  const delimiter = container === 'tsv' ? '\t' : delimiterOf(table);
  const lines: { readonly text: string; readonly line: number }[] = [];
  eachDelimited(path, table, delimiter, (row, line) => {
    lines.push({ text: JSON.stringify(row), line });
  });
  const made = Buffer.from(lines.map(({ text }) => text).join('\n'));
  const held = { held: shared(made) };
  const all = function* (): Generator<PlacedRecord, void> {
    for (const { start: begin, end, line } of lineSpans(openReader(held), 0)) {
      const { text = '', line: told = 0 } = lines[line - 1] ?? {};
      yield { row: JSON.parse(text) as Row, start: begin, end, where: `${path}:${told}` };
    }
  };
  return { store: held, text: 'json', all: all() };
}
