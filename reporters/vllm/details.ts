import type { LlmRecord, LogRecord } from '../../engine/metrics/log-record.js';

/** Request as measured by vLLM's benchmark, in milliseconds. */
interface Measured {
  readonly record: LlmRecord;
  /** Time to the first event with a choice; 0 where there was none. */
  readonly ttft: number;
  /** Every gap after that. */
  readonly itl: readonly number[];
}

/** Content that `--save-detailed` adds to the file, and statistics made from it. */
export interface VllmDetails {
  /** Number of requests. */
  readonly count: number;
  /** One entry per request, in sending order; times are in seconds. */
  readonly arrays: Readonly<Record<string, readonly unknown[]>>;
  /** Samples of successful requests in milliseconds, by vLLM's names. */
  readonly samples: Readonly<Record<'ttft' | 'tpot' | 'itl' | 'e2el', readonly number[]>>;
}

/** Builds the details of all finished LLM requests. */
export function vllmDetails(records: readonly LogRecord[]): VllmDetails {
  const ended = records.filter((record) => record.kind === 'llm' && !record.censored) as LlmRecord[];
  const all = ended.sort((a, b) => a.sentAt - b.sentAt).map(measure);
  const good = all.filter(({ record }) => !record.failure);
  return {
    count: all.length,
    arrays: {
      input_lens: all.map(({ record }) => record.inputTokens ?? 0),
      output_lens: all.map(({ record }) => (record.failure ? 0 : record.outputTokens)),
      ttfts: all.map(({ ttft }) => ttft / 1000),
      itls: all.map(({ itl }) => itl.map((gap) => gap / 1000)),
      start_times: all.map(({ record }) => record.sentAt / 1000),
      latencies: all.map(({ record }) => (record.e2e ?? 0) / 1000),
      errors: all.map(({ record }) => record.failure?.message ?? ''),
    },
    samples: {
      ttft: good.filter(({ record }) => record.firstChunkAt !== undefined).map(({ ttft }) => ttft),
      tpot: good.flatMap(({ record: { e2e, outputTokens }, ttft }) =>
        e2e !== undefined && ttft > 0 && outputTokens > 1 ? [(e2e - ttft) / (outputTokens - 1)] : [],
      ),
      itl: good.flatMap(({ itl }) => itl),
      e2el: good.flatMap(({ record: { e2e } }) => (e2e === undefined ? [] : [e2e])),
    },
  };
}

function measure(record: LlmRecord): Measured {
  const { firstChunkAt, firstTokenAt, sentAt, gaps = [] } = record;
  const ttft = firstChunkAt === undefined ? 0 : firstChunkAt - sentAt;
  // Where an event without a token came first, the gap behind it counts.
  const first = firstChunkAt !== undefined && firstTokenAt !== undefined ? firstTokenAt - firstChunkAt : 0;
  return { record, ttft, itl: first > 0 ? [first, ...gaps] : gaps };
}

/** Mean, median, population standard deviation and percentiles, interpolated as NumPy does. */
export function exactStatistics(samples: readonly number[]) {
  const sorted = samples.toSorted((a, b) => a - b);
  const mean = sorted.reduce((sum, sample) => sum + sample, 0) / sorted.length;
  const squares = sorted.reduce((sum, sample) => sum + (sample - mean) ** 2, 0);
  const at = (percent: number) => {
    const place = ((sorted.length - 1) * percent) / 100;
    const below = sorted[Math.floor(place)] ?? 0;
    const above = sorted[Math.ceil(place)] ?? 0;
    return below + (above - below) * (place % 1);
  };
  const deviation = Math.sqrt(squares / sorted.length);
  return { avg: mean, med: at(50), stddev: deviation, 'p(90)': at(90), 'p(95)': at(95), 'p(99)': at(99) };
}
