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
}

/** Makes events of a body's bytes. */
export interface Decoder {
  feed(bytes: Uint8Array, at: number): void;
  /** The body has ended in order. */
  end(): void;
}
