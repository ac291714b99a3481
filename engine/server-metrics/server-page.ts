import type { ServerFigures } from '../metrics/server-record.js';
import { type PrometheusSample, readPrometheus } from './prometheus.js';
import { type KnownServer, SERVERS, type Source } from './servers.js';

const CONFIG = 'vllm:cache_config_info';

/** Labels of processes that share one engine. Each reports all of its requests. */
const RANKS = new Set(['tp_rank', 'pp_rank', 'moe_ep_rank', 'attn_cp_rank']);

/** Names of a source's samples. */
function namesOf(source: Source): readonly string[] {
  if (typeof source === 'string') return [source];
  return 'name' in source ? [source.name] : source;
}

const ALL: ReadonlySet<string> = new Set([
  ...SERVERS.flatMap(({ names }) => Object.values(names).flatMap((sources) => sources.flatMap(namesOf))),
  CONFIG,
]);

/** Parsed metrics page of a server. */
export interface ServerPage {
  readonly known: KnownServer;
  readonly figures: ServerFigures;
  /** Cache configuration; null where the page has none. */
  readonly cacheConfig: Readonly<Record<string, string>> | null;
}

/**
 * Parses a metrics page. Undefined where it is of no known server. Engines are summed; `kvCache` is the fullest.
 */
export function readServerPage(text: string): ServerPage | undefined {
  const samples = readPrometheus(text, ALL);
  const found = (known: KnownServer, figure: keyof ServerFigures) => samplesOf(samples, known.names[figure] ?? []);
  const sum = (known: KnownServer, figure: keyof ServerFigures) => sumOf(found(known, figure));
  const known = SERVERS.find((each) =>
    (['running', 'waiting', 'kvCache'] as const).some((figure) => found(each, figure).length > 0),
  );
  if (!known) return undefined;
  const waiting = sum(known, 'waiting') ?? 0;
  const running = sum(known, 'running') ?? 0;
  const figures: ServerFigures = {
    running: known.isRunningAll ? Math.max(0, running - waiting) : running,
    waiting,
    kvCache: found(known, 'kvCache').reduce((most: number | null, { value }) => Math.max(most ?? 0, value), null),
    preemptions: sum(known, 'preemptions'),
    prefixQueries: sum(known, 'prefixQueries'),
    prefixHits: sum(known, 'prefixHits'),
    generationTokens: sum(known, 'generationTokens'),
    draftTokens: sum(known, 'draftTokens'),
    acceptedTokens: sum(known, 'acceptedTokens'),
  };
  return { known, figures, cacheConfig: samples.find(({ name }) => name === CONFIG)?.labels ?? null };
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

/** Samples of the first source that has any. Without the parts of a total that stands beside them. */
function samplesOf(samples: readonly PrometheusSample[], sources: readonly Source[]): readonly PrometheusSample[] {
  for (const source of sources) {
    const names = namesOf(source);
    const labels = typeof source === 'object' && 'labels' in source ? Object.entries(source.labels) : [];
    const found = samples.filter(
      (sample) => names.includes(sample.name) && labels.every(([label, value]) => sample.labels[label] === value),
    );
    if (found.length > 0) return withoutParts(found);
  }
  return [];
}

/** Drops SGLang's counts by priority, where their total stands beside them. */
function withoutParts(samples: readonly PrometheusSample[]): readonly PrometheusSample[] {
  const totals = samples.filter(({ labels }) => labels.priority === '');
  return totals.length > 0 ? totals : samples;
}

function sumOf(samples: readonly PrometheusSample[]): number | null {
  if (samples.length === 0) return null;
  const engines = new Map<string, number>();
  for (const { name, labels, value } of samples) {
    const engine = JSON.stringify([name, ...Object.entries(labels).filter(([label]) => !RANKS.has(label))]);
    engines.set(engine, Math.max(engines.get(engine) ?? Number.NEGATIVE_INFINITY, value));
  }
  return [...engines.values()].reduce((sum, value) => sum + value, 0);
}
