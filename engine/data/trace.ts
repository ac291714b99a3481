import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { ExitCode, messageOf, UserError } from '../errors.js';
import { growing, type NumberList } from './growing.js';
import { readHeader, readJsonRow, type TracedRequest, type TraceForm } from './trace-forms.js';

/**
 * When the requests of a trace came and how long they were, in the order of their times. The lists lie on shared memory,
 * so that all threads have the same ones.
 */
export interface Trace {
  readonly size: number;
  /** Milliseconds since the first request. */
  readonly at: Float64Array;
  readonly inputTokens: Float64Array;
  readonly outputTokens: Float64Array;
  /** The hashes of all requests' blocks, one after another; undefined where the trace has none. */
  readonly hashIds: Float64Array | undefined;
  /** Where in them those of each request begin, and at last where they end. */
  readonly hashStarts: Float64Array | undefined;
  /** Requests of the file that are left out, for they have no input, or no output as one that failed. */
  readonly leftOut: number;
}

/** How much of a file is read at once: a trace may be larger than a text can be. */
const CHUNK = 1 << 20;

/**
 * Reads a trace of Mooncake's form (JSON lines), of BurstGPT's or Azure's (CSV), told apart by the first line. Throws a
 * UserError that names the line and the field.
 */
export function readTrace(path: string): Trace {
  const lists = { at: growing(), inputTokens: growing(), outputTokens: growing() };
  const hashIds = growing();
  const hashStarts = growing();
  let form: TraceForm | undefined;
  let leftOut = 0;
  let number = 0;
  const take = ({ at, inputTokens, outputTokens, hashIds: ids = [] }: TracedRequest) => {
    if (inputTokens === 0 || outputTokens === 0) {
      leftOut += 1;
      return;
    }
    lists.at.push(at);
    lists.inputTokens.push(inputTokens);
    lists.outputTokens.push(outputTokens);
    hashStarts.push(hashIds.size);
    for (const id of ids) hashIds.push(id);
  };
  for (const line of linesOf(path)) {
    number += 1;
    if (line === '') continue;
    const where = `${path}:${number}`;
    const refuse = (message: string): never => refuseTrace(where, message);
    if (form) take(form(line, refuse));
    else if (line.startsWith('{')) {
      form = readJsonRow;
      take(form(line, refuse));
    } else form = readHeader(line, refuse);
  }
  if (lists.at.size === 0) refuseTrace(path, leftOut > 0 ? 'no request of the trace has tokens' : 'the trace is empty');
  hashStarts.push(hashIds.size);
  const order = orderOf(lists.at);
  const begin = lists.at.get(order ? (order[0] ?? 0) : 0);
  const sorted = (list: NumberList) => list.toShared(order);
  const at = sorted(lists.at);
  for (let i = 0; i < at.length; i += 1) at[i]! -= begin;
  const blocks = hashIds.size > 0 ? sortedBlocks(hashIds, hashStarts, order) : undefined;
  return {
    size: at.length,
    at,
    inputTokens: sorted(lists.inputTokens),
    outputTokens: sorted(lists.outputTokens),
    hashIds: blocks?.ids,
    hashStarts: blocks?.starts,
    leftOut,
  };
}

/** The lines of a file, without spaces around them; only a chunk of it is in memory at a time. */
function* linesOf(path: string): Generator<string, void> {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    return refuseTrace(path, `the trace cannot be read: ${messageOf(error)}`);
  }
  try {
    const chunk = Buffer.alloc(CHUNK);
    const decoder = new StringDecoder('utf8');
    let rest = '';
    let isFirst = true;
    for (let length = read(path, file, chunk); length > 0; length = read(path, file, chunk)) {
      const text = rest + decoder.write(chunk.subarray(0, length));
      const lines = (isFirst ? text.replace(/^\uFEFF/, '') : text).split('\n');
      isFirst = false;
      rest = lines.pop() ?? '';
      for (const line of lines) yield line.trim();
    }
    if (rest.trim() !== '') yield rest.trim();
  } finally {
    closeSync(file);
  }
}

function read(path: string, file: number, chunk: Buffer): number {
  try {
    return readSync(file, chunk);
  } catch (error) {
    return refuseTrace(path, `the trace cannot be read: ${messageOf(error)}`);
  }
}

/** The order of the times; undefined where they ascend already. */
function orderOf(at: NumberList): Uint32Array | undefined {
  let isSorted = true;
  for (let i = 1; i < at.size && isSorted; i += 1) isSorted = at.get(i) >= at.get(i - 1);
  if (isSorted) return undefined;
  return Uint32Array.from({ length: at.size }, (_, i) => i).sort((a, b) => at.get(a) - at.get(b) || a - b);
}

function sortedBlocks(ids: NumberList, starts: NumberList, order: Uint32Array | undefined) {
  if (!order) return { ids: ids.toShared(), starts: starts.toShared() };
  const sortedIds = growing();
  const sortedStarts = growing();
  for (const row of order) {
    sortedStarts.push(sortedIds.size);
    for (let i = starts.get(row); i < starts.get(row + 1); i += 1) sortedIds.push(ids.get(i));
  }
  sortedStarts.push(sortedIds.size);
  return { ids: sortedIds.toShared(), starts: sortedStarts.toShared() };
}

function refuseTrace(where: string, message: string): never {
  throw new UserError(message, {
    where,
    hint: 'docs/executors.md shows the forms that a trace may have',
    exitCode: ExitCode.invalidConfig,
  });
}
