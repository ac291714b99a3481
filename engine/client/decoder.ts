import type { EventTemplate } from './event-template.js';

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
  /** Left out where every event is to be given in full. */
  readonly short?: {
    /** What further events have in common, once that is known. */
    template(): EventTemplate | undefined;
    /** In place of an event that follows the template: the text that it brings. */
    onText(text: string, at: number): void;
  };
}

/** Makes events of a body's bytes. */
export interface Decoder {
  /** Takes the bytes of a Buffer; the type is wider, for scenarios can do without Node's types. */
  feed(bytes: Uint8Array, at: number): void;
  /** The body has ended in order. */
  end(): void;
}
