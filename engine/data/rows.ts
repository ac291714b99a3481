import { basename } from 'node:path';
import { UserError } from '../errors.js';
import { openReader, type Store } from './byte-reader.js';
import type { Format } from './container.js';
import { dataError } from './data-error.js';
import { textOf } from './message-text.js';
import { newNumberList } from './number-list.js';
import { type RecordText, readRow, recordsOf } from './records.js';
import { isSilent, type Prompt, promptOf, type RecordForm, type Row } from './row-prompt.js';

/** Selection of a file's records. */
export interface Wanted {
  /** WHATWG name, such as `gb18030`. Default: UTF-8. */
  readonly encoding?: string | undefined;
  /** Default: detected. */
  readonly format?: Format | undefined;
  /** Bounds of a prompt's length, in tokens. */
  readonly filter?: { readonly minTokens?: number; readonly maxTokens?: number } | undefined;
}

/** Index of a data set's records, built once for all threads. Plain data; its large parts are in shared memory. */
export interface Rows {
  readonly path: string;
  readonly store: Store;
  readonly text: RecordText;
  /** Offset and length of each record, in bytes. */
  readonly starts: Float64Array;
  readonly lengths: Uint32Array;
  /** Length of each record's answer in tokens, 0 where unknown. */
  readonly answers: Uint32Array;
  /** First record without a usable prompt. */
  readonly unasked: { readonly where: string; readonly problem: string } | undefined;
  /** Conversations without a human turn, which are left out. */
  readonly silent: { readonly count: number; readonly first: string } | undefined;
}

/** Dependencies of readRows. */
export interface Reading {
  /** Number of tokens of a text. */
  readonly countTokens: (text: string) => number;
  /** Files above this size are read in place, in bytes. */
  readonly heldAtMost?: number | undefined;
}

/**
 * Scans a data set and indexes its records. Conversations without a human turn, which ShareGPT has, are skipped. Throws
 * a UserError with the line.
 */
export function readRows(path: string, wanted: Wanted, { countTokens, heldAtMost }: Reading): Rows {
  const { format, filter, encoding } = wanted;
  const form = RECORD_FORMS.find((name) => name === format);
  const { store, text, all } = recordsOf(path, { format, encoding }, heldAtMost);
  const starts = newNumberList();
  const lengths = newNumberList();
  const answers = newNumberList();
  const seen = { least: Number.POSITIVE_INFINITY, most: 0 };
  let unasked: Rows['unasked'];
  let silent: Rows['silent'];
  for (const { row, start, end, where } of all) {
    if (isSilent(row)) {
      silent = { count: (silent?.count ?? 0) + 1, first: silent?.first ?? where };
      continue;
    }
    const prompt = promptOf(row, form);
    if (typeof prompt === 'string') {
      if (form) throw dataError(where, `not a record of the format ${JSON.stringify(form)}: ${prompt}`, hintFor(row));
      if (filter) throw dataError(where, `the length is unknown: ${prompt}`);
      unasked ??= { where, problem: prompt };
    } else if (filter) {
      const tokens = countTokens(textOf(prompt.messages));
      seen.least = Math.min(seen.least, tokens);
      seen.most = Math.max(seen.most, tokens);
      if (tokens < (filter.minTokens ?? 0) || tokens > (filter.maxTokens ?? Number.POSITIVE_INFINITY)) continue;
    }
    starts.push(start);
    lengths.push(end - start);
    answers.push(typeof prompt === 'string' ? 0 : answerTokens(prompt, countTokens));
  }
  if (starts.size === 0) throw nothingLeft(path, seen, silent);
  return {
    path,
    store,
    text,
    starts: starts.toShared(),
    lengths: lengths.toSharedWhole(),
    answers: answers.toSharedWhole(),
    unasked,
    silent,
  };
}

/** Warning about records that were left out; undefined without any. */
export function leftOutNote({ path, silent, starts }: Rows): string | undefined {
  if (!silent) return undefined;
  const all = (silent.count + starts.length).toLocaleString('en');
  const many = silent.count.toLocaleString('en');
  return `${basename(path)}: ${many} of ${all} conversations have no word of a human and are left out, the first at ${basename(silent.first)}`;
}

const RECORD_FORMS = ['openai', 'vllm', 'alpaca', 'sharegpt'] as const satisfies readonly RecordForm[];

/** Hint with the format that a record seems to have. */
function hintFor(row: Parameters<typeof promptOf>[0]): string {
  const fits = RECORD_FORMS.find((form) => typeof promptOf(row, form) !== 'string');
  const found = fits ? `this record looks like ${JSON.stringify(fits)}; ` : '';
  return `${found}without a format, the form of each record is detected`;
}

function answerTokens({ answer }: Prompt, countTokens: (text: string) => number): number {
  return typeof answer === 'string' ? countTokens(answer) : (answer ?? 0);
}

function nothingLeft(
  path: string,
  { least, most }: { readonly least: number; readonly most: number },
  silent: Rows['silent'],
): Error {
  if (most === 0 && silent)
    return dataError(path, `in none of its ${silent.count} conversations a human says anything`);
  if (most === 0) return dataError(path, 'the data set has no records');
  return dataError(
    path,
    `no record passes the filter: the prompts have ${least} to ${most} tokens`,
    'widen the filter',
  );
}

/** Opens the rows for one thread. Each is parsed on access, which detects a file changed since the scan. */
export function rowReader({ path, store, text, starts, lengths }: Rows): (index: number) => Row {
  const reader = openReader(store);
  return (index) => {
    const start = starts[index] ?? 0;
    try {
      return readRow(path, reader.text(start, start + (lengths[index] ?? 0)), text);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw dataError(
        path,
        `the data set has changed since it was opened: ${error.message}`,
        'do not change it during a run',
      );
    }
  };
}
