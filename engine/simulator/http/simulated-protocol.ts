import type { Answer } from '../text/compose-answer.js';
import type { ApiError } from './api-error.js';
import type { Sampling } from './request-fields.js';
import type { Calling } from './tools.js';

/** Answer of the simulator, with its metadata. */
export interface Reply {
  /** Unique id; each protocol adds its own prefix. */
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly promptTokens: number;
  readonly answer: Answer;
  readonly times: ReplyTimes;
  /** Field name of reasoning, where servers have two. */
  readonly reasoningField: 'reasoning_content' | 'reasoning';
}

/** Instants of a reply on the simulator's clock, in ms. */
export interface ReplyTimes {
  readonly askedAt: number;
  /** First token of an answer in one piece; undefined until then. */
  firstAt: number | undefined;
  /** Prompt tokens found in the prefix cache; undefined without one. */
  cachedTokens: number | undefined;
}

/** Encoding of one reply in a protocol. `writtenAt` is the number in `written_at`. */
export interface Encoding {
  /** Default: server-sent events. */
  readonly streamType?: 'application/x-ndjson';
  /** Events of a token, if any. Called for 0 to steps − 1, each once and in order. */
  step?(index: number, writtenAt: string): string;
  /** Body of a reply that is not streamed. */
  whole(writtenAt: string): string;
}

/** Valid request of any protocol. */
export interface Generation extends Sampling {
  readonly prompt: string;
  /** Exact if the request gives it; else the prompt's tokens are estimated. */
  readonly promptTokens?: number | undefined;
  readonly maxTokens: number | undefined;
  /** Tool that may be called. */
  readonly calling?: Calling | undefined;
  /** True if the protocol has a field for reasoning. */
  readonly reasons?: boolean;
  encode(reply: Reply): Encoding;
}

/** Request's path, and the server's model for APIs whose requests name none. */
interface Asked {
  readonly path: string;
  readonly model: string;
}

/** API that the simulator speaks. */
export interface Protocol {
  /** Path, or the form of its paths. */
  readonly path: string | RegExp;
  /** Throws an ApiError that names the invalid field. */
  read(body: unknown, asked: Asked): Generation;
  /** Body of an error, where it differs from OpenAI's. */
  refusal?(error: ApiError): unknown;
}
