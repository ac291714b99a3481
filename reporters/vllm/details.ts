import type { LlmRecord, LogRecord } from '../../engine/metrics/log-record.js';

/** Client of vLLM to follow: Python of 0.33, or Rust. */
export type VllmClient = 'python' | 'rust';

/** Request as measured by vLLM's benchmark, in milliseconds. */
interface Measured {
  readonly record: LlmRecord;
  /** Time to the first output, in seconds; 0 without one. The Rust client stops at the first event with a choice. */
  readonly ttft: number;
  /** Every gap after that. */
  readonly itl: readonly number[];
}

/** Single requests as in vLLM's files, and statistics made from them. */
export interface VllmDetails {
  /** Number of requests. */
  readonly count: number;
  /** One entry per request, in sending order; times are in seconds. */
  readonly arrays: Readonly<Record<string, readonly unknown[]>>;
  /** Samples of successful requests in milliseconds, by vLLM's names. */
  readonly samples: Readonly<Record<'ttft' | 'tpot' | 'itl' | 'e2el', readonly number[]>>;
}

/** Builds the details of all finished LLM requests. */
export function vllmDetails(records: readonly LogRecord[], client: VllmClient): VllmDetails {
  const ended = records.filter((record) => record.kind === 'llm' && !record.censored) as LlmRecord[];
  const all = ended.sort((a, b) => a.sentAt - b.sentAt).map((record) => measure(record, client));
  const good = all.filter(({ record }) => !record.failure);
  return {
    count: all.length,
    arrays: {
      input_lens: all.map(({ record }) => record.inputTokens ?? 0),
      output_lens: all.map(({ record }) => (record.failure ? 0 : record.outputTokens)),
      ttfts: all.map(({ ttft }) => ttft / 1000),
      itls: all.map(({ itl }) => itl.map((gap) => gap / 1000)),
      latencies: all.map(({ record }) => (record.failure ? 0 : (record.e2e ?? 0) / 1000)),
      start_times: all.map(({ record }) => record.sentAt / 1000),
      queue_times: all.map(({ record }) => Math.max(0, record.sentAt - record.scheduledAt) / 1000),
      // Texts are not kept.
      generated_texts: all.map(() => ''),
      errors: all.map(({ record }) => record.failure?.message ?? ''),
    },
    samples: {
      ttft: good.filter(({ record }) => record.firstTokenAt !== undefined).map(({ ttft }) => ttft),
      tpot: good.flatMap(({ record: { e2e, outputTokens }, ttft }) =>
        e2e !== undefined && ttft > 0 && outputTokens > 1 ? [(e2e - ttft) / (outputTokens - 1)] : [],
      ),
      itl: good.flatMap(({ itl }) => itl),
      e2el: good.flatMap(({ record: { e2e } }) => (e2e === undefined ? [] : [e2e])),
    },
  };
}

function measure(record: LlmRecord, client: VllmClient): Measured {
  const { firstChunkAt, firstTokenAt, sentAt, gaps = [] } = record;
  const first = client === 'rust' ? firstChunkAt : firstTokenAt;
  const ttft = first === undefined ? 0 : first - sentAt;
  // Where an event without a token came first, the gap behind it counts for the Rust client.
  const behind = first !== undefined && firstTokenAt !== undefined ? firstTokenAt - first : 0;
  return { record, ttft, itl: behind > 0 ? [behind, ...gaps] : gaps };
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
