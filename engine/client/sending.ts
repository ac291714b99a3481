import type { Clock } from '../clock.js';
import type { ConnectionSet } from './connection.js';
import type { Exchange } from './exchange.js';
import type { Target } from './target.js';

/** How long a request may take, in milliseconds. */
export interface Timeouts {
  /** From sending to the end of the answer. */
  readonly total: number;
  /** Between any two reads of the answer. */
  readonly idle: number;
}

/** Told of every output event as it comes; index 0 is the first token. Must not throw and must be quick. */
export type OutputListener = (exchange: Exchange, index: number) => void;

/** Everything that a request needs around it. */
export interface Sending {
  readonly target: Target;
  readonly connections: ConnectionSet;
  readonly clock: Clock;
  readonly timeouts: Timeouts;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Aborts when the run will not wait any longer; the exchange is then censored. */
  readonly signal?: AbortSignal | undefined;
  readonly onOutput?: OutputListener | undefined;
}
