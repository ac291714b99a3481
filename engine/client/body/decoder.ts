import type { EventPattern } from '../sse/event-pattern.js';
import type { EventTemplate } from '../sse/event-template.js';

/** Longest event or line accepted, in characters. A longer one fails the request, before memory runs out. */
export const LONGEST_EVENT = 8 * 1024 * 1024;

/** Raw event of a response body, as text. */
export interface WireEvent {
  readonly event?: string | undefined;
  readonly data: string;
}

/** True for the mark of an end. Some servers write a blank behind it. */
export function isDone(data: string): boolean {
  return data === '[DONE]' || (data.length < 12 && data.trim() === '[DONE]');
}

/** Receiver of decoded events. */
export interface EventSink {
  /** Handles a complete event. `at` is the instant of the read that completed it. */
  onEvent(event: WireEvent, at: number): void;
  /** Handles an event that is too long; `what` names it. */
  onTooLong(what: string): void;
  /** Fast path for later events like this one. Left out where every event needs a full parse. */
  template?(event: WireEvent): EventTemplate | undefined;
  /** Handles an event that fits the template. Its text is UTF-8, at `from`..`to` of `bytes`. */
  onText?(bytes: Uint8Array, from: number, to: number, at: number): void;
}

/** Incremental parser from the bytes of a body to events. */
export interface Decoder {
  /**
   * Parses `bytes` between `from` and `to`, read at `at`. Keeps no reference, since the next read overwrites them. The
   * type is wider than Buffer, so that scenarios can do without Node's types.
   */
  feed(bytes: Uint8Array, from: number, to: number, at: number): void;
  /** Pattern of further events. Undefined within an event, and while none is known. */
  readonly pattern?: EventPattern | undefined;
  /** Flushes after the body has ended in order. */
  end(): void;
}
