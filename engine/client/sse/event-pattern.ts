import type { EventTemplate } from './event-template.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/**
 * The bytes of events that follow a template, each of which brings its text and nothing else. Making a string of an
 * event of 200 bytes for the sake of a word, cutting it into lines and reading its JSON is the costliest thing that a
 * client does for a token; comparing its bytes costs next to nothing and leaves nothing behind.
 */
export class EventPattern {
  /** What stands before the text, and what after it. */
  readonly #around: Buffer;
  readonly #before: number;
  readonly #after: number;

  constructor(before: string, after: string) {
    this.#around = Buffer.from(before + after);
    this.#before = Buffer.byteLength(before);
    this.#after = this.#around.length - this.#before;
  }

  /** Where the text of an event that begins here would begin. */
  textStart(from: number): number {
    return from + this.#before;
  }

  /** Where an event ends whose text ends here. */
  eventEnd(textEnd: number): number {
    return textEnd + this.#after;
  }

  /** Where the text ends of the event that begins here; −1 where it is another event, not whole by `to`, empty or escaped. */
  textEnd(bytes: Buffer, from: number, to: number): number {
    const start = from + this.#before;
    if (start > to || bytes.compare(this.#around, 0, this.#before, from, start) !== 0) return -1;
    for (let at = start; at < to; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) return at > start && this.#isAfter(bytes, at, to) ? at : -1;
      if (byte === BACKSLASH || byte < SPACE) return -1;
    }
    return -1;
  }

  #isAfter(bytes: Buffer, from: number, to: number): boolean {
    const end = from + this.#after;
    return end <= to && bytes.compare(this.#around, this.#before, this.#around.length, from, end) === 0;
  }
}

/** The pattern of an event, written as this text, that follows a template; undefined where its data is not in one piece. */
export function patternOf(text: string, data: string, { before, after }: EventTemplate): EventPattern | undefined {
  const at = text.indexOf(data);
  return at < 0 ? undefined : new EventPattern(text.slice(0, at) + before, after + text.slice(at + data.length));
}
