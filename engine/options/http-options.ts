import * as v from 'valibot';
import type { HttpOptions } from '../api/options.js';
import { text, wholeNumber } from '../schema.js';
import { yesOrNo } from './fields.js';
import { option, SERVING, schemasOf } from './option.js';

const off = v.optional(yesOrNo, false);

/** Flags of k6, which the help leaves out. */
const FLAG = { commands: SERVING, hidden: true } as const;

/** Options of `http` requests, with k6's defaults. */
export const httpOptions = {
  batch: option(v.optional(wholeNumber(1, 10_000), 20), {
    kind: 'number',
    flag: '--batch <number>',
    ...FLAG,
    meaning: 'concurrent requests of one http.batch',
    docs: 'concurrent requests of one `http.batch`, see [http.md](http.md)',
  }),
  batchPerHost: option(v.optional(wholeNumber(1, 10_000), 6), {
    kind: 'number',
    flag: '--batch-per-host <number>',
    ...FLAG,
    meaning: 'concurrent requests of one http.batch to one server',
    docs: 'concurrent requests of one `http.batch` to one server',
  }),
  maxRedirects: option(v.optional(wholeNumber(0, 1000), 10), {
    kind: 'number',
    flag: '--max-redirects <number>',
    ...FLAG,
    meaning: 'maximum number of redirects that http follows',
  }),
  userAgent: option(v.optional(text, 'tokenswarm'), {
    kind: 'text',
    flag: '--user-agent <text>',
    ...FLAG,
    meaning: 'User-Agent of http requests',
  }),
  discardResponseBodies: option(off, {
    kind: 'switch',
    flag: '--discard-response-bodies',
    ...FLAG,
    meaning: 'discard the bodies of http responses',
  }),
  noCookiesReset: option(off, {
    kind: 'switch',
    flag: '--no-cookies-reset',
    ...FLAG,
    meaning: "keep a user's cookies between iterations",
  }),
  noConnectionReuse: option(off, {
    kind: 'switch',
    flag: '--no-connection-reuse',
    ...FLAG,
    meaning: 'open a connection for each http request',
  }),
  throw: option(off, {
    kind: 'switch',
    flag: '--throw',
    ...FLAG,
    meaning: 'throw when an http request gets no response',
  }),
};

const httpShape = v.object(schemasOf(httpOptions));

/** Request options of `http` in this run. Plain data. */
export type HttpPlan = Required<HttpOptions>;

/** Picks the options of `http`; without input, the defaults. */
export function httpPlan(options: v.InferInput<typeof httpShape> = {}): HttpPlan {
  return v.parse(httpShape, options);
}
