import type { Answer } from '../text/compose-answer.js';
import type { ApiError } from './api-error.js';
import type { Sampling } from './request-fields.js';
import type { Calling } from './tools.js';

/** What the simulator has to say, and to whom it belongs. */
export interface Reply {
  /** Unique; each protocol puts its own prefix before it. */
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly promptTokens: number;
  readonly answer: Answer;
  /** By which of its names reasoning goes, where servers have two. */
  readonly reasoningField: 'reasoning_content' | 'reasoning';
}

/** One reply in a protocol's words; `writtenAt` is the number that goes into `written_at`. */
export interface Encoding {
  /** Default: server-sent events. */
  readonly streamType?: 'application/x-ndjson';
  /** The events of a token, if it has any; called for 0 to steps − 1, each once and in order. */
  step?(index: number, writtenAt: string): string;
  /** The body of a reply that is not streamed. */
  whole(writtenAt: string): string;
}

/** A request of any protocol, once it is known to be valid. */
export interface Generation extends Sampling {
  readonly prompt: string;
  /** Where the request says it; else the prompt's tokens are estimated. */
  readonly promptTokens?: number | undefined;
  readonly maxTokens: number | undefined;
  /** The tool that may be called. */
  readonly calling?: Calling | undefined;
  /** Whether the protocol has a place for reasoning. */
  readonly reasons?: boolean;
  encode(reply: Reply): Encoding;
}

/** One API that the simulator speaks. */
export interface Protocol {
  readonly path: string;
  /** Throws an ApiError that names the field at fault. */
  read(body: unknown): Generation;
  /** The body of a refusal, where it is not OpenAI's. */
  refusal?(error: ApiError): unknown;
}
