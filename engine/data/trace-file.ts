import { dataError } from './data-error.js';
import { type NumberList, newNumberList } from './number-list.js';
import { openSource } from './source.js';
import { lineSpans } from './spans.js';
import { readFirstRow, readHeader, type TracedRequest, type TraceForm } from './trace-forms.js';
import { BlockSense, unitOf } from './trace-sense.js';

/** Requests of a trace, by time, in memory shared by all threads. */
export interface Trace {
  readonly size: number;
  /** Milliseconds since the first request. */
  readonly at: Float64Array;
  readonly inputTokens: Float64Array;
  readonly outputTokens: Float64Array;
  /** Block hashes of all requests, concatenated; undefined where the trace has none. */
  readonly hashIds: Float64Array | undefined;
  /** Offset of each request's hashes, and the total at the end. */
  readonly hashStarts: Float64Array | undefined;
  /** Tokens per hash. */
  readonly blockTokens: number;
  /** Number of requests left out: without input, or failed, without output. */
  readonly leftOut: number;
  /** Sentences about guesses. */
  readonly guesses: readonly string[];
}

/** Facts that a trace does not state. Defaults: detected. */
export interface TraceReading {
  /** Milliseconds per unit of time. */
  readonly unit?: number | undefined;
  /** Tokens per hash. */
  readonly blockTokens?: number | undefined;
}

/**
 * Reads a trace. Of Mooncake or Qwen-Bailian (JSON lines), BurstGPT or Azure (CSV): the form is detected by the first
 * lines; the file may be gzipped. Throws a UserError with line and field.
 */
export function readTrace(path: string, given: TraceReading = {}): Trace {
  const lists = { at: newNumberList(), inputTokens: newNumberList(), outputTokens: newNumberList() };
  const hashIds = newNumberList();
  const hashStarts = newNumberList();
  const blocks = new BlockSense();
  let leftOut = 0;
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
    blocks.take(inputTokens, ids.length);
  };
  const form = readLines(path, take);
  if (!form || lists.at.size === 0) {
    return refuseTrace(path, leftOut > 0 ? 'no request of the trace has tokens' : 'the trace is empty');
  }
  hashStarts.push(hashIds.size);
  const block = blocks.size(form.block);
  const sensed = unitOf(lists.at, block.value === 16);
  const unit = given.unit ?? form.unit ?? sensed.value;
  const guesses = [
    ...(given.unit === undefined && form.unit === undefined && sensed.guess
      ? [`${sensed.guess}; timestamps: 'seconds' or 'milliseconds' says it`]
      : []),
    ...(given.blockTokens === undefined && block.guess ? [`${block.guess}; blockTokens says it`] : []),
  ];
  const order = orderOf(lists.at);
  const begin = lists.at.get(order ? (order[0] ?? 0) : 0);
  const sorted = (list: NumberList) => list.toShared(order);
  const at = sorted(lists.at);
  for (let i = 0; i < at.length; i += 1) at[i] = (at[i]! - begin) * unit;
  const found = hashIds.size > 0 ? sortedBlocks(hashIds, hashStarts, order) : undefined;
  return {
    size: at.length,
    at,
    inputTokens: sorted(lists.inputTokens),
    outputTokens: sorted(lists.outputTokens),
    hashIds: found?.ids,
    hashStarts: found?.starts,
    blockTokens: given.blockTokens ?? block.value,
    leftOut,
    guesses,
  };
}

/** Reads all lines. Their form is undefined without a request. */
function readLines(path: string, take: (request: TracedRequest) => void): TraceForm | undefined {
  let form: TraceForm | undefined;
  let header: { readonly line: string; readonly no: (message: string) => never } | undefined;
  for (const [line, number] of linesOf(path)) {
    const no = (message: string): never => refuseTrace(`${path}:${number}`, message);
    if (!form && line.startsWith('{')) form = readFirstRow(line, no);
    else if (!form && !header) {
      header = { line, no };
      // A header that is not known is refused at once.
      readHeader(line, '', no);
      continue;
    } else if (header) form ??= readHeader(header.line, line, header.no);
    if (form) take(form.read(line, no));
  }
  return form;
}

/** Yields the non-blank lines of a file with their numbers. */
function* linesOf(path: string): Generator<readonly [line: string, number: number], void> {
  const { reader, start } = openSource(path);
  for (const span of lineSpans(reader, start)) {
    const line = reader.text(span.start, span.end).trim();
    if (line !== '') yield [line, span.line];
  }
}

/** Permutation that sorts the times; undefined where they ascend already. */
function orderOf(at: NumberList): Uint32Array | undefined {
  let isSorted = true;
  for (let i = 1; i < at.size && isSorted; i += 1) isSorted = at.get(i) >= at.get(i - 1);
  if (isSorted) return undefined;
  return Uint32Array.from({ length: at.size }, (_, i) => i).sort((a, b) => at.get(a) - at.get(b) || a - b);
}

function sortedBlocks(ids: NumberList, starts: NumberList, order: Uint32Array | undefined) {
  if (!order) return { ids: ids.toShared(), starts: starts.toShared() };
  const sortedIds = newNumberList();
  const sortedStarts = newNumberList();
  for (const row of order) {
    sortedStarts.push(sortedIds.size);
    for (let i = starts.get(row); i < starts.get(row + 1); i += 1) sortedIds.push(ids.get(i));
  }
  sortedStarts.push(sortedIds.size);
  return { ids: sortedIds.toShared(), starts: sortedStarts.toShared() };
}

function refuseTrace(where: string, message: string): never {
  throw dataError(where, message, 'docs/executors.md shows the forms that a trace may have');
}
