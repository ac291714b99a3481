import { refuse } from './data-error.js';
import { growing, type NumberList } from './number-list.js';
import { openSource } from './source.js';
import { lineSpans } from './spans.js';
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

/**
 * Reads a trace of Mooncake's form (JSON lines), of BurstGPT's or Azure's (CSV), told apart by the first line and packed by
 * gzip or not. Throws a UserError that names the line and the field.
 */
export function readTrace(path: string): Trace {
  const lists = { at: growing(), inputTokens: growing(), outputTokens: growing() };
  const hashIds = growing();
  const hashStarts = growing();
  let form: TraceForm | undefined;
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
  };
  for (const [line, number] of linesOf(path)) {
    const where = `${path}:${number}`;
    const no = (message: string): never => refuseTrace(where, message);
    if (form) take(form(line, no));
    else if (line.startsWith('{')) {
      form = readJsonRow;
      take(form(line, no));
    } else form = readHeader(line, no);
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

/** The lines of a file, of which blank ones are left out, and the number of each. */
function* linesOf(path: string): Generator<readonly [line: string, number: number], void> {
  const { reader, start } = openSource(path);
  for (const span of lineSpans(reader, start)) {
    const line = reader.text(span.start, span.end).trim();
    if (line !== '') yield [line, span.line];
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
  throw refuse(where, message, 'docs/executors.md shows the forms that a trace may have');
}
