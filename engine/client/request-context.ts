import type { Clock } from '../clock.js';
import type { Exchange, Failure } from './exchange.js';
import type { Target } from './target.js';
import type { ConnectionSet } from './transport/connection-set.js';

/** Timeouts of a request, in milliseconds. */
export interface Timeouts {
  /** From sending to the end of the answer. */
  readonly total: number;
  /** Between any two reads of the answer. */
  readonly idle: number;
  /** From sending to the first token; `idle` applies from there on. Default: `total`. */
  readonly firstToken?: number;
}

/** Callback for each output event; index 0 is the first token. Must be quick and must not throw. */
export type OutputListener = (exchange: Exchange, index: number) => void;

/**
 * Script's callback for each output event, called after its instants are taken. `enough` ends the request as a success,
 * a failure as failed. Must not throw.
 */
export type TokenListener = (exchange: Exchange, index: number) => 'enough' | Failure | undefined;

/** Dependencies of a request. */
export interface RequestContext {
  readonly target: Target;
  readonly connections: ConnectionSet;
  readonly clock: Clock;
  readonly timeouts: Timeouts;
  /** Longest answer in bytes. Default: 256 MiB. */
  readonly longest?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Headers for routers, in lower case. The others override them. */
  readonly routing?: Readonly<Record<string, string>> | undefined;
  /** Aborts at the end of the run, and censors the exchange. */
  readonly signal?: AbortSignal | undefined;
  /** Aborts by the script; the exchange fails as `cancelled`. */
  readonly cancel?: AbortSignal | undefined;
  readonly onOutput?: OutputListener | undefined;
  readonly onToken?: TokenListener | undefined;
}
