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
  readonly #before: Buffer;
  readonly #after: Buffer;

  constructor(before: string, after: string) {
    this.#before = Buffer.from(before);
    this.#after = Buffer.from(after);
  }

  /** Where the text of an event that begins here would begin. */
  textStart(from: number): number {
    return from + this.#before.length;
  }

  /** Where an event ends whose text ends here. */
  eventEnd(textEnd: number): number {
    return textEnd + this.#after.length;
  }

  /** Where the text ends of the event that begins here; −1 where it is another event, not whole, empty or escaped. */
  textEnd(bytes: Buffer, from: number): number {
    if (!matches(this.#before, bytes, from)) return -1;
    const start = this.textStart(from);
    for (let at = start; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) return at > start && matches(this.#after, bytes, at) ? at : -1;
      if (byte === BACKSLASH || byte < SPACE) return -1;
    }
    return -1;
  }
}

/** The pattern of an event, written as this text, that follows a template; undefined where its data is not in one piece. */
export function patternOf(text: string, data: string, { before, after }: EventTemplate): EventPattern | undefined {
  const at = text.indexOf(data);
  return at < 0 ? undefined : new EventPattern(text.slice(0, at) + before, after + text.slice(at + data.length));
}

function matches(part: Buffer, bytes: Buffer, from: number): boolean {
  const to = from + part.length;
  return to <= bytes.length && bytes.compare(part, 0, part.length, from, to) === 0;
}
