import type { SearchResult } from './search.js';
import type { Miss } from './slo.js';
import type { SweepRequest } from './sweep-request.js';
import type { LevelSeries } from './table.js';
import type { SearchRange } from './vary.js';

/** State of a planned run. */
export interface RunState {
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
  readonly repeat: number;
  readonly state: 'waiting' | 'done' | 'failed' | 'interrupted';
  /** Reason it is neither done nor waiting. */
  readonly reason?: string;
}

/** Level of a search, with the objectives it missed. */
interface SearchedLevel {
  readonly level: number;
  readonly run: string;
  readonly met: boolean;
  readonly misses: readonly Miss[];
}

/** State of a capacity search. */
export interface Capacity {
  readonly range: SearchRange;
  /** Target distance of the bounds, as a share. */
  readonly precision: number;
  readonly slos: readonly string[];
  /** In the order in which they were run. */
  readonly tried: readonly SearchedLevel[];
  /** Undefined while the search is running. */
  readonly found?: SearchResult;
}

/** Document `sweep.json` of several runs: the command, its progress and results. */
export interface Sweep {
  readonly schema: 'tokenswarm/sweep';
  readonly version: 1;
  readonly tool: { readonly name: 'tokenswarm'; readonly version: string };
  readonly asked: SweepRequest;
  readonly labels: Readonly<Record<string, string>>;
  /** Seed of all runs. Absent where the scenario gives each its own. */
  readonly seed?: number;
  readonly target: { readonly baseUrl: string; readonly model: string; readonly simulated: boolean } | null;
  /** Names of the variables. */
  readonly variables: readonly string[];
  readonly axis: string;
  readonly runs: readonly RunState[];
  readonly series: readonly LevelSeries[];
  readonly capacity?: Capacity;
}
