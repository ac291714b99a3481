import type { EventTemplate } from '../sse/event-template.js';

/** The longest event or line that is read; a longer one is a failure, not a reason to run out of memory. */
export const LONGEST_EVENT = 8 * 1024 * 1024;

/** One event of an answer, as text. */
export interface WireEvent {
  readonly event?: string | undefined;
  readonly data: string;
}

/** What a decoder tells. */
export interface Notice {
  /** `at` is the instant of the read that completed the event. */
  onEvent(event: WireEvent, at: number): void;
  onTooLong(): void;
  /** What further events have in common, once that is known; left out where every event is to be given in full. */
  template?(): EventTemplate | undefined;
  /** In place of an event that follows the template: where the text lies that it brings, in UTF-8. */
  onText?(bytes: Uint8Array, from: number, to: number, at: number): void;
}

/** Makes events of a body's bytes. */
export interface Decoder {
  /**
   * Takes the bytes of a Buffer from here to there, read at this instant. They are not kept: the next read overwrites
   * them. The type is wider, for scenarios can do without Node's types.
   */
  feed(bytes: Uint8Array, from: number, to: number, at: number): void;
  /** The body has ended in order. */
  end(): void;
}
