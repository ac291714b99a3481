import type { Found } from './search.js';
import type { Miss } from './slo.js';
import type { Asked } from './sweep-request.js';
import type { LevelSeries } from './table.js';
import type { SearchRange } from './vary.js';

/** How a planned run stands. */
export interface RunState {
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
  readonly repeat: number;
  readonly state: 'waiting' | 'done' | 'failed' | 'interrupted';
  /** Why it is neither done nor waiting. */
  readonly reason?: string;
}

/** A level of a search: what of the objectives it did not meet. */
interface SearchedLevel {
  readonly level: number;
  readonly run: string;
  readonly met: boolean;
  readonly misses: readonly Miss[];
}

/** What a search for the capacity has found so far. */
export interface Capacity {
  readonly range: SearchRange;
  /** The levels are to be no further apart than this share. */
  readonly precision: number;
  readonly slos: readonly string[];
  /** In the order in which they were run. */
  readonly tried: readonly SearchedLevel[];
  /** Undefined while the search goes on. */
  readonly found?: Found;
}

/** Several runs as one document, `sweep.json`: what was asked, how far it is, and what it came to. */
export interface Sweep {
  readonly schema: 'tokenswarm/sweep';
  readonly version: 1;
  readonly tool: { readonly name: 'tokenswarm'; readonly version: string };
  readonly asked: Asked;
  readonly labels: Readonly<Record<string, string>>;
  readonly target: { readonly baseUrl: string; readonly model: string; readonly simulated: boolean } | null;
  /** Names of what was varied. */
  readonly variables: readonly string[];
  readonly axis: string;
  readonly runs: readonly RunState[];
  readonly series: readonly LevelSeries[];
  readonly capacity?: Capacity;
}
