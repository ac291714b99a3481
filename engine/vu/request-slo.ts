import type { Slo } from '../api/requests.js';
import type { Exchange } from '../client/exchange.js';
import type { Figures } from '../client/request-figures.js';

/**
 * True where a request met its SLO, undefined without one. A figure that the answer was too short to have counts as
 * met.
 */
export function isGood(slo: Slo | undefined, exchange: Exchange, { ttft, tpot, e2e }: Figures): boolean | undefined {
  if (!slo || exchange.censored) return undefined;
  const within = (value: number | undefined, limit: number | undefined) =>
    value === undefined || limit === undefined || value <= limit;
  return !exchange.failure && within(ttft, slo.ttft) && within(tpot, slo.tpot) && within(e2e, slo.e2e);
}
