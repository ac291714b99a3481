import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { ExitCode, messageOf, UserError } from '../errors.js';
import { readDelimited } from './delimited.js';
import { messagesOf } from './messages.js';

/** A record of a data set, as it stands in the file. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * Reads a data set: `.jsonl` has a record in each line, `.json` an array of them, `.csv` and `.tsv` a table with the
 * columns' names in its first line, `.txt` a prompt in each line. Conversations in which no human says anything, which
 * ShareGPT has, are left out. Throws a UserError naming the line.
 */
export function readRows(path: string): readonly Row[] {
  const text = contentOf(path).replace(/^\uFEFF/, '');
  const rows = readText(path, text).filter(hasTurn);
  if (rows.length === 0) throw refuse(path, 'the data set has no record');
  return rows;
}

function readText(path: string, text: string): Row[] {
  switch (extname(path).toLowerCase()) {
    case '.jsonl':
    case '.ndjson':
      return readLines(path, text);
    case '.csv':
      return readDelimited(path, text, ',');
    case '.tsv':
      return readDelimited(path, text, '\t');
    case '.txt':
      return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : { prompt: line.trim() }));
    default:
      return readArray(path, text);
  }
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw refuse(path, `the data set cannot be read: ${messageOf(error)}`);
  }
}

/** False for a conversation that nothing can be made of. */
function hasTurn(row: Row): boolean {
  return !Array.isArray(row.conversations) || messagesOf(row) !== undefined;
}

function readLines(path: string, text: string): Row[] {
  const rows: Row[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const where = `${path}:${index + 1}`;
    rows.push(asRow(where, parse(where, line)));
  }
  return rows;
}

function readArray(path: string, text: string): Row[] {
  const content = parse(path, text);
  if (!Array.isArray(content)) throw refuse(path, 'expected an array of records; one record a line is .jsonl');
  return content.map((record, index) => asRow(`${path}[${index}]`, record));
}

function parse(where: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refuse(where, `not JSON: ${messageOf(error)}`);
  }
}

function asRow(where: string, record: unknown): Row {
  if (typeof record === 'string') return { prompt: record };
  if (typeof record === 'object' && record !== null && !Array.isArray(record)) return record as Row;
  if (Array.isArray(record)) return { messages: record };
  throw refuse(where, 'expected an object or a text');
}

function refuse(where: string, message: string): UserError {
  return new UserError(message, {
    where,
    hint: 'docs/data.md shows the forms that a data set may have',
    exitCode: ExitCode.scriptException,
  });
}
