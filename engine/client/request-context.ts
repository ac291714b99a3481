import type { Clock } from '../clock.js';
import type { Exchange, Failure } from './exchange.js';
import type { Target } from './target.js';
import type { ConnectionSet } from './transport/connection.js';

/** How long a request may take, in milliseconds. */
export interface Timeouts {
  /** From sending to the end of the answer. */
  readonly total: number;
  /** Between any two reads of the answer. */
  readonly idle: number;
}

/** Told of every output event as it comes; index 0 is the first token. Must not throw and must be quick. */
export type OutputListener = (exchange: Exchange, index: number) => void;

/**
 * The script's word on every output event, after the instants of it were taken: `enough` ends the request as a success,
 * a failure as that. Must not throw.
 */
export type TokenListener = (exchange: Exchange, index: number) => 'enough' | Failure | undefined;

/** Everything that a request needs around it. */
export interface Sending {
  readonly target: Target;
  readonly connections: ConnectionSet;
  readonly clock: Clock;
  readonly timeouts: Timeouts;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Aborts when the run will not wait any longer; the exchange is then censored. */
  readonly signal?: AbortSignal | undefined;
  /** Aborts when the script wants no answer any more; the exchange has then failed as `cancelled`. */
  readonly cancel?: AbortSignal | undefined;
  readonly onOutput?: OutputListener | undefined;
  readonly onToken?: TokenListener | undefined;
}
