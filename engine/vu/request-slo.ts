import type { Slo } from '../api/requests.js';
import type { Exchange } from '../client/exchange.js';
import type { Figures } from '../client/request-figures.js';
import { parseDuration } from '../clock.js';
import { checkFields, show } from '../schema.js';

/** Limits of an SLO, in milliseconds. */
export type Limits = { readonly [Limit in keyof Slo]: number };

const LIMITS = ['ttft', 'tpot', 'e2e'] as const;

/** Reads an SLO. Throws a TypeError for an unknown limit, and for one that may be meant in seconds. */
export function readSlo(what: string, slo: Slo | undefined): Limits | undefined {
  if (slo === undefined) return undefined;
  checkFields(`${what}'s slo`, slo, LIMITS);
  const limits: Partial<Record<keyof Slo, number>> = {};
  for (const name of LIMITS) if (slo[name] !== undefined) limits[name] = readLimit(`${what}'s slo.${name}`, slo[name]);
  return limits;
}

function readLimit(where: string, given: unknown): number {
  if (typeof given === 'number' && given >= 1 && Number.isFinite(given)) return given;
  const ms = typeof given === 'string' ? parseDuration(given) : undefined;
  if (ms) return ms;
  const isSmall = typeof given === 'number' && given > 0;
  const meant = isSmall ? `; write "${given}s" or "${given}ms"` : '';
  throw new TypeError(`${where}: expected milliseconds such as 500, or "500ms", got ${show(given)}${meant}`);
}

/**
 * True where a request met its SLO, undefined without one. A figure that the answer was too short to have counts as
 * met.
 */
export function isGood(slo: Limits | undefined, exchange: Exchange, { ttft, tpot, e2e }: Figures): boolean | undefined {
  if (!slo || exchange.censored) return undefined;
  const within = (value: number | undefined, limit: number | undefined) =>
    value === undefined || limit === undefined || value <= limit;
  return !exchange.failure && within(ttft, slo.ttft) && within(tpot, slo.tpot) && within(e2e, slo.e2e);
}
