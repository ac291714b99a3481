import type { SampleTags } from '../api/metrics.js';
import type { CallOptions, StreamOptions } from '../api/requests.js';
import { type Exchange, openExchange } from '../client/exchange.js';
import { PROTOCOLS, type ProtocolName } from '../client/protocols/index.js';
import { type AnyRequest, isStreamed, type Protocol } from '../client/protocols/protocol.js';
import { send } from '../client/request.js';
import type { Timeouts } from '../client/request-context.js';
import { figuresOf } from '../client/request-figures.js';
import type { Target } from '../client/target.js';
import type { ConnectionSet } from '../client/transport/connection-set.js';
import { askUnit, parseDuration } from '../clock.js';
import { configError, type UserError } from '../errors.js';
import type { Recorder } from '../metrics/recorder.js';
import type { Tags } from '../metrics/series.js';
import { checkFields, show } from '../schema.js';
import { whenCounted } from './deferred-count.js';
import { Answer } from './llm-answer.js';
import type { LoggedUser } from './record-log.js';
import { isGood, type Limits, readSlo } from './request-slo.js';
import { withRetries } from './retry.js';
import { allTags, textTags } from './tags.js';
import type { Thread } from './thread-context.js';
import { listenFor } from './token-listener.js';
import { noteContact, noteSent } from './vu-state.js';

/** Default timeouts of a request, in milliseconds. */
const TIMEOUTS: Timeouts = { total: 600_000, idle: 60_000 };

/** Request options of all protocols. STREAM_FIELDS are for streamed answers only. */
const CALL_FIELDS = Object.keys({
  model: true,
  headers: true,
  tags: true,
  name: true,
  slo: true,
  timeout: true,
  signal: true,
  retry: true,
} satisfies Record<keyof CallOptions, true>);
const STREAM_FIELDS = ['abortAfter', 'onToken'] as const satisfies readonly (keyof StreamOptions)[];

/** Valid request fields, by protocol. */
const FIELDS = new Map<string, ReadonlySet<string>>(
  Object.entries(PROTOCOLS).map(([name, { fields, stream }]) => [
    name,
    new Set([...fields, ...CALL_FIELDS, ...(stream ? STREAM_FIELDS : [])]),
  ]),
);

/** State of the VU that a request depends on. */
export interface Caller extends LoggedUser {
  readonly thread: Thread;
  readonly connections: (origin: string) => ConnectionSet;
  readonly signal: AbortSignal | undefined;
  /** Requests in a `hook`, such as setup, are not recorded. */
  readonly stage: 'init' | 'hook' | 'running';
  /** Milliseconds by which the iteration, and thus its requests, started late. */
  readonly lateness: number;
  /** Tags of the run, the scenario and the VU. */
  readonly tags: SampleTags;
  reached: boolean | undefined;
}

/** Request of any protocol. */
export type CallRequest = AnyRequest & StreamOptions;

/** Server and headers that a session gives to a request. */
export interface CallRoute {
  /** Undefined without any server. */
  readonly target: Target | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;
}

/** Checked options of a call. */
interface CallSettings {
  readonly route: CallRoute | undefined;
  readonly streamed: boolean;
  readonly slo: Limits | undefined;
  readonly timeouts: Timeouts;
}

/**
 * Sends a VU's request, records it and returns the answer. Repeats it where the server is busy and the script asked for
 * retries. Throws a TypeError for an invalid request. Goes to the next server, or along a `route`.
 */
export function call(vu: Caller, what: ProtocolName, request: CallRequest, route?: CallRoute): Promise<Answer> {
  const streamed = checkRequest(what, PROTOCOLS[what], request);
  const slo = readSlo(what, request.slo);
  const { total, idle, firstToken = total } = readTimeouts(what, request.timeout);
  const retrying = { clock: vu.thread.clock, signal: vu.signal, total };
  return withRetries(request.retry, retrying, (left) => {
    return attempt(vu, what, request, { route, streamed, slo, timeouts: { total: left, idle, firstToken } });
  });
}

/** Sends a request once and records it. */
async function attempt(
  vu: Caller,
  what: ProtocolName,
  request: CallRequest,
  { route, streamed, slo, timeouts }: CallSettings,
): Promise<Answer> {
  const protocol: Protocol<AnyRequest> = PROTOCOLS[what];
  const { thread } = vu;
  const { clock } = thread;
  const target = route ? route.target : thread.nextTarget();
  if (!target) throw noTarget(what);
  const askedAt = clock.now();
  const exchange = openExchange(request.name ?? what, request.model ?? target.model, askedAt - vu.lateness, streamed);
  const listener = listenFor(what, request);
  const llm = vu.stage === 'running' ? thread.llm : undefined;
  const pending = llm?.begin(requestTags(vu, llm.recorder, request, exchange, target.label), askedAt);
  noteSent(vu);
  try {
    await send(protocol, request, exchange, {
      target,
      clock,
      connections: vu.connections(target.origin),
      timeouts,
      headers: request.headers,
      routing: route?.headers,
      signal: vu.signal,
      cancel: request.signal,
      onOutput: pending?.onOutput,
      onToken: listener?.onToken,
    });
  } catch (error) {
    // The request could not be encoded.
    llm?.forget(clock.now());
    noteSent(vu, -1);
    throw error;
  }
  noteContact(vu, exchange.failure?.kind !== 'connect');
  const figures = figuresOf(exchange);
  const good = pending && isGood(slo, exchange, figures);
  if (llm && pending) {
    llm.end(pending, exchange);
    const label = target.label === undefined ? {} : { target: target.label };
    // The user may be at its next iteration when the tokens have been counted.
    const { log } = thread;
    const { id, iteration, scenario } = vu;
    const tags = log && { ...allTags(vu, request.tags), ...label };
    whenCounted(thread, exchange, target.habits, () => {
      const isNew = exchange.counted !== undefined;
      const final = isNew ? figuresOf(exchange) : figures;
      const met = isNew ? isGood(slo, exchange, final) : good;
      llm.settle(pending, exchange, final, met);
      if (tags) log.llm({ id, iteration, scenario }, what, exchange, final, met, tags);
    });
  }
  thread.onExchange?.(request, exchange);
  listener?.rethrow();
  vu.signal?.throwIfAborted();
  return new Answer(exchange, figures, good);
}

/** Rejects unknown fields, such as typos. Returns true for a streamed answer. */
function checkRequest(what: ProtocolName, protocol: Protocol<AnyRequest>, request: CallRequest): boolean {
  const fields = FIELDS.get(what);
  if (!hasOnly(request, fields))
    checkFields(what, request, [...(fields ?? [])], '; other fields of the server go into extraBody');
  checkKind(what, request, 'boolean', ['stream']);
  checkKind(what, request, 'number', NUMBERS);
  const streamed = isStreamed(protocol, request);
  const idle = streamed ? undefined : STREAM_FIELDS.find((field) => request[field] !== undefined);
  if (idle) throw new TypeError(`${what}: ${idle} needs a stream, and stream is false`);
  return streamed;
}

/** Request fields that are numbers. */
const NUMBERS = ['maxTokens', 'temperature', 'topP', 'topK', 'seed'];

function checkKind(what: string, request: object, kind: 'boolean' | 'number', fields: readonly string[]): void {
  for (const field of fields) {
    const given = (request as Readonly<Record<string, unknown>>)[field];
    if (given === undefined || given === null || typeof given === kind) continue;
    const expected = kind === 'number' ? 'a number' : 'true or false';
    throw new TypeError(`${what}'s ${field}: expected ${expected}, got ${show(given)}`);
  }
}

/** True for an object with known fields only. Faster than a check that says what is wrong. */
function hasOnly(request: CallRequest, fields: ReadonlySet<string> | undefined): boolean {
  if (typeof request !== 'object' || Array.isArray(request)) return false;
  for (const field in request) if (!fields?.has(field)) return false;
  return request !== null;
}

function readTimeouts(what: string, given: CallRequest['timeout']): Timeouts {
  if (given === undefined) return TIMEOUTS;
  if (typeof given === 'object') checkFields(`${what}'s timeout`, given, ['total', 'firstToken', 'idle']);
  const { total: inAll, idle, firstToken } = typeof given === 'object' ? given : { total: given };
  const total = readTime(what, inAll, TIMEOUTS.total);
  return { total, idle: readTime(what, idle, TIMEOUTS.idle), firstToken: readTime(what, firstToken, total) };
}

function readTime(what: string, given: string | number | undefined, otherwise: number): number {
  if (given === undefined) return otherwise;
  const ms = parseDuration(given);
  if (ms) return ms;
  throw new TypeError(`${what}'s timeout: expected a duration such as "30s", got ${show(given)}${askUnit(given)}`);
}

/**
 * Tags that split a request's samples. Scenario and name, the target where there are several, and what thresholds
 * select by.
 */
function requestTags(
  { thread, tags, scenario }: Caller,
  recorder: Recorder,
  request: CallRequest,
  { name, model }: Exchange,
  target: string | undefined,
): Tags {
  const usual = recorder.tagsOf(scenario, name, target);
  if (thread.tagKeys.length === 0) return usual;
  const kept: Record<string, string> = { ...usual };
  const all = { ...textTags(tags), ...textTags(request.tags), model, ...(target !== undefined && { target }) };
  for (const key of thread.tagKeys) {
    const value = all[key as keyof typeof all];
    if (value !== undefined) kept[key] = value;
  }
  return kept;
}

function noTarget(what: string): UserError {
  return configError(
    'target',
    `${what} was called, but no server was given`,
    'give --base-url http://host:8000/v1, or OPENAI_BASE_URL, or options.baseUrl, or --simulate',
  );
}
