import type { Answer } from './answer.js';

/** What the simulator has to say, and to whom it belongs. */
export interface Reply {
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly promptTokens: number;
  readonly answer: Answer;
}

/** One reply in a protocol's words; `writtenAt` is the number that goes into `written_at`. */
export interface Encoding {
  /** The events of a token; called for 0 to steps − 1, each once and in order. */
  step(index: number, writtenAt: string): string;
  /** The body of a reply that is not streamed. */
  whole(writtenAt: string): string;
}

/** A request of any protocol, once it is known to be valid. */
export interface Generation {
  readonly model: string;
  readonly prompt: string;
  readonly stream: boolean;
  readonly maxTokens: number | undefined;
  readonly stop: readonly string[];
  readonly ignoreEos: boolean;
  readonly seed: number | undefined;
  encode(reply: Reply): Encoding;
}

/** One API that the simulator speaks. */
export interface Protocol {
  readonly path: string;
  /** Throws an ApiError that names the field at fault. */
  read(body: unknown): Generation;
}
