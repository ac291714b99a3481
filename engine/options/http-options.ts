import * as v from 'valibot';
import type { HttpOptions } from '../api/options.js';
import { field, text, wholeNumber } from '../schema.js';

const flag = field('true or false', (input) => (typeof input === 'boolean' ? input : undefined));

/** Options of `http` requests, with k6's defaults. */
export const httpFields = {
  batch: v.optional(wholeNumber(1, 10_000), 20),
  batchPerHost: v.optional(wholeNumber(1, 10_000), 6),
  maxRedirects: v.optional(wholeNumber(0, 1000), 10),
  userAgent: v.optional(text, 'tokenswarm'),
  discardResponseBodies: v.optional(flag, false),
  noCookiesReset: v.optional(flag, false),
  throw: v.optional(flag, false),
};

const httpShape = v.object(httpFields);

/** Request options of `http` in this run. Plain data. */
export type HttpPlan = Required<HttpOptions>;

/** Picks the options of `http`; without input, the defaults. */
export function httpPlan(options: v.InferInput<typeof httpShape> = {}): HttpPlan {
  return v.parse(httpShape, options);
}
