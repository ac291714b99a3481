import type { ServerFigures } from '../metrics/server-record.js';
import { type PrometheusSample, readPrometheus } from './prometheus.js';

/** Names of each figure: vLLM's, the current one first, and llama.cpp's. */
const NAMES = {
  running: ['vllm:num_requests_running', 'llamacpp:requests_processing'],
  waiting: ['vllm:num_requests_waiting', 'llamacpp:requests_deferred'],
  kvCache: ['vllm:kv_cache_usage_perc', 'vllm:gpu_cache_usage_perc'],
  preemptions: ['vllm:num_preemptions_total', 'vllm:num_preemptions'],
  prefixQueries: [
    'vllm:prefix_cache_queries_total',
    'vllm:prefix_cache_queries',
    'vllm:gpu_prefix_cache_queries_total',
  ],
  prefixHits: ['vllm:prefix_cache_hits_total', 'vllm:prefix_cache_hits', 'vllm:gpu_prefix_cache_hits_total'],
  generationTokens: ['vllm:generation_tokens_total', 'vllm:generation_tokens', 'llamacpp:tokens_predicted_total'],
  draftTokens: [
    'vllm:spec_decode_num_draft_tokens_total',
    'vllm:spec_decode_num_draft_tokens',
    'llamacpp:spec_decode_num_draft_tokens_total',
  ],
  acceptedTokens: [
    'vllm:spec_decode_num_accepted_tokens_total',
    'vllm:spec_decode_num_accepted_tokens',
    'llamacpp:spec_decode_num_accepted_tokens_total',
  ],
} as const satisfies Record<keyof ServerFigures, readonly string[]>;

const CONFIG = 'vllm:cache_config_info';

const ALL: ReadonlySet<string> = new Set([...Object.values(NAMES).flat(), CONFIG]);

/** Parsed metrics page of a server. */
export interface ServerPage {
  readonly figures: ServerFigures;
  /** Cache configuration; null where the page has none. */
  readonly cacheConfig: Readonly<Record<string, string>> | null;
}

/**
 * Parses a metrics page; undefined where it is of neither server. Sums up the engines of a server; `kvCache` is the fullest.
 */
export function readServerPage(text: string): ServerPage | undefined {
  const samples = readPrometheus(text, ALL);
  const running = sum(samples, NAMES.running);
  if (running === null) return undefined;
  const figures: ServerFigures = {
    running,
    waiting: sum(samples, NAMES.waiting) ?? 0,
    kvCache: named(samples, NAMES.kvCache).reduce((most: number | null, { value }) => Math.max(most ?? 0, value), null),
    preemptions: sum(samples, NAMES.preemptions),
    prefixQueries: sum(samples, NAMES.prefixQueries),
    prefixHits: sum(samples, NAMES.prefixHits),
    generationTokens: sum(samples, NAMES.generationTokens),
    draftTokens: sum(samples, NAMES.draftTokens),
    acceptedTokens: sum(samples, NAMES.acceptedTokens),
  };
  return { figures, cacheConfig: samples.find(({ name }) => name === CONFIG)?.labels ?? null };
}

/** Sums up the figures of several servers. */
export function sumFigures(all: readonly ServerFigures[]): ServerFigures {
  const total = (of: (figures: ServerFigures) => number | null) => {
    return all.reduce((sum: number | null, figures) => {
      const value = of(figures);
      return value === null ? sum : (sum ?? 0) + value;
    }, null);
  };
  const caches = all.flatMap(({ kvCache }) => kvCache ?? []);
  return {
    running: total(({ running }) => running) ?? 0,
    waiting: total(({ waiting }) => waiting) ?? 0,
    kvCache: caches.length === 0 ? null : Math.max(...caches),
    preemptions: total(({ preemptions }) => preemptions),
    prefixQueries: total(({ prefixQueries }) => prefixQueries),
    prefixHits: total(({ prefixHits }) => prefixHits),
    generationTokens: total(({ generationTokens }) => generationTokens),
    draftTokens: total(({ draftTokens }) => draftTokens),
    acceptedTokens: total(({ acceptedTokens }) => acceptedTokens),
  };
}

/** Samples of the first name that has any. */
function named(samples: readonly PrometheusSample[], names: readonly string[]): readonly PrometheusSample[] {
  for (const name of names) {
    const found = samples.filter((sample) => sample.name === name);
    if (found.length > 0) return found;
  }
  return [];
}

function sum(samples: readonly PrometheusSample[], names: readonly string[]): number | null {
  const found = named(samples, names);
  return found.length === 0 ? null : found.reduce((total, { value }) => total + value, 0);
}
