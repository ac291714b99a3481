import type { Source } from './source.js';

/** Layout of records in a file. */
export type Container = 'lines' | 'array' | 'csv' | 'tsv' | 'text';

/** Formats that a scenario may name. They are layouts of files, or forms of records. */
export const FORMATS = ['openai', 'vllm', 'alpaca', 'sharegpt', 'csv', 'tsv', 'text'] as const;
export type Format = (typeof FORMATS)[number];

/** Bytes inspected to detect the format. */
const HEAD = 64 * 1024;

/**
 * Detects the layout of a file. An explicit format decides; else JSON content, even under another name; else the file's
 * extension.
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

/** True for a line with a JSON object or list. */
function isRecord(line: string): boolean {
  return typeof parsed(line) === 'object';
}

/**
 * JSON with a record per line, or one array of records. A first line that is a whole array may be a record, a list of
 * messages: then there are more such lines, or at least its first element has a role.
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

/** Parses a line of JSON; undefined where invalid or null. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line) ?? undefined;
  } catch {
    return undefined;
  }
}
