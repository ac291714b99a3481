import type { Source } from './source.js';

/** How a file holds its records. */
export type Container = 'lines' | 'array' | 'csv' | 'tsv' | 'text';

/** What a scenario may call the form of a data set: how its file holds records, or what they look like. */
export const FORMATS = ['openai', 'vllm', 'alpaca', 'sharegpt', 'csv', 'tsv', 'text'] as const;
export type Format = (typeof FORMATS)[number];

/** How much of a file is looked at to find out what it is, in bytes. */
const HEAD = 64 * 1024;

/**
 * How a file holds its records: as the format says; else as its content does where that is JSON, whatever its name says;
 * else as its name says.
 */
export function containerOf(source: Source, format: Format | undefined): Container {
  if (format === 'csv' || format === 'tsv' || format === 'text') return format;
  const { extension, reader, start } = source;
  const head = reader.text(start, Math.min(reader.size, start + HEAD)).trimStart();
  const [first = ''] = head.split('\n', 1);
  switch (extension) {
    case '.csv':
    case '.tsv':
      return isRecord(first) ? jsonIn(head, first, extension) : extension === '.csv' ? 'csv' : 'tsv';
    case '.json':
    case '.jsonl':
    case '.ndjson':
      return jsonIn(head, first, extension);
    case '.txt':
      return isRecord(first) || format ? jsonIn(head, first, extension) : 'text';
    default:
      return JSON_BEGINS.test(head) || format ? jsonIn(head, first, extension) : 'text';
  }
}

const JSON_BEGINS = /^(\{\s*["}]|\[\s*[{["\]])/;

/** Whether a line is an object or a list in JSON. */
function isRecord(line: string): boolean {
  return typeof parsed(line) === 'object';
}

/**
 * JSON is a record in each line, unless it is an array of them. Where the first line is a whole array, it may be a record
 * that is a list of messages: then there are more such lines, or at least the first element has a role.
 */
function jsonIn(head: string, first: string, extension: string): 'lines' | 'array' {
  if (!head.startsWith('[')) return 'lines';
  const list = parsed(first);
  if (!Array.isArray(list)) return 'array';
  const alone = head.slice(first.length).trim() === '';
  if (!alone) return 'lines';
  const isMessages = typeof list[0] === 'object' && list[0] !== null && 'role' in list[0];
  return isMessages && extension !== '.json' ? 'lines' : 'array';
}

/** A line as JSON, undefined where it is none, null included. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line) ?? undefined;
  } catch {
    return undefined;
  }
}
