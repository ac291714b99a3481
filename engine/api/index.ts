/**
 * Everything that a scenario imports from 'tokenswarm'.
 *
 * What stands here is for the editor and for the compiler: when a scenario runs, each VU gets functions of the same
 * names that are bound to it (see engine/vu). Outside of a run they throw.
 */
import type { ChatMessage } from '../client/chat.js';
import type { ChatAnswer, ChatRequest } from './chat.js';
import type { Execution } from './execution.js';
import type { Duration, RampingVus } from './options.js';

export type { ChatMessage } from '../client/chat.js';
export type { Failure, FailureKind, Usage } from '../client/exchange.js';
export type { ChatAnswer, ChatRequest, Instants, Slo } from './chat.js';
export type { Execution } from './execution.js';
export type * from './options.js';

/** Names and values put on a sample. */
export type SampleTags = Readonly<Record<string, string | number | boolean>>;

/** A data set of prompts; each VU draws its own share of it, in an order that the seed decides, and starts over at the end. */
export interface Dataset {
  /** How many rows there are. */
  readonly size: number;
  /** Draws the next row and gives it as messages. */
  next(): ChatMessage[];
  /** Draws the next row and gives it as it stands in the file. */
  row<Row = Readonly<Record<string, unknown>>>(): Row;
}

declare global {
  /** The environment: `-e NAME=value` and the scenario's `env`, above the process's own. */
  const __ENV: Readonly<Record<string, string | undefined>>;
  /** Number of this VU, from 1; 0 where the file is only read for its options. */
  const __VU: number;
  /** Number of this iteration among those of this VU, from 0. */
  const __ITER: number;
}

/**
 * Sends a chat request and reads its streamed answer to the end. Does not throw when the request fails: see `ok` and
 * `failure` of the answer.
 *
 * ```ts
 * const answer = await chat({ messages: prompts.next(), maxTokens: 256, slo: { ttft: 500, tpot: 50 } });
 * ```
 */
export function chat(_request: ChatRequest): Promise<ChatAnswer> {
  return outside('chat');
}

/**
 * Tells for each named condition whether it holds for `value`; true when all do. Failed checks are counted; they do
 * not end the iteration and do not change the exit code, unless there is a threshold on `checks`.
 */
export function check<Value>(
  _value: Value,
  _conditions: Readonly<Record<string, boolean | ((value: Value) => boolean)>>,
  _tags?: SampleTags,
): boolean {
  return outside('check');
}

/** Waits: `await sleep('500ms')`. A bare number counts as seconds, as in k6. */
export function sleep(_time: string | number): Promise<void> {
  return outside('sleep');
}

/** Ends this iteration with an error. */
export function fail(_message?: string): never {
  return outside('fail');
}

/** A random number from 0 up to, but without, 1; the same ones in every run with the same `--seed`. */
export function random(): number {
  return outside('random');
}

/** Reads a data set of prompts, `.jsonl` or `.json`, at the top of the file. The path is relative to the scenario file. */
export function dataset(_path: string): Dataset {
  return outside('dataset');
}

/** A scenario that ramps up to `users` and holds them: sugar for the executor `ramping-vus`. */
export function peakUsers(
  _users: number,
  _times: { readonly ramp: Duration; readonly hold: Duration; readonly gracefulStop?: Duration },
): RampingVus {
  return outside('peakUsers');
}

/** Where this VU and this iteration stand. */
export const exec: Execution = new Proxy({} as Execution, { get: () => outside('exec') });

/** A metric that adds up: `new Counter('answers_in_chinese').add(1)`. */
export class Counter {
  constructor(readonly name: string) {}
  add(_amount: number, _tags?: SampleTags): void {
    outside('Counter');
  }
}

/** A metric that keeps the last value, with the lowest and highest. */
export class Gauge {
  constructor(readonly name: string) {}
  add(_value: number, _tags?: SampleTags): void {
    outside('Gauge');
  }
}

/** A metric that tells how often something was true. */
export class Rate {
  constructor(readonly name: string) {}
  add(_passed: boolean | number, _tags?: SampleTags): void {
    outside('Rate');
  }
}

/** A metric that keeps a distribution; with `isTime` its values are milliseconds. Values are 0 or above. */
export class Trend {
  constructor(
    readonly name: string,
    readonly isTime: boolean = false,
  ) {}
  add(_value: number, _tags?: SampleTags): void {
    outside('Trend');
  }
}

/** What a VU is given for `import … from 'tokenswarm'`. */
export interface Api {
  readonly chat: typeof chat;
  readonly check: typeof check;
  readonly sleep: typeof sleep;
  readonly fail: typeof fail;
  readonly random: typeof random;
  readonly dataset: typeof dataset;
  readonly peakUsers: typeof peakUsers;
  readonly exec: Execution;
  readonly Counter: typeof Counter;
  readonly Gauge: typeof Gauge;
  readonly Rate: typeof Rate;
  readonly Trend: typeof Trend;
}

function outside(name: string): never {
  throw new Error(`${name} works only in a scenario that tokenswarm runs: tokenswarm run FILE`);
}
