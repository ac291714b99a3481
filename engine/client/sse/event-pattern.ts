import type { EventTemplate } from './event-template.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/** Buffer, as far as a pattern needs it. The types of scenarios work without those of Node. */
interface Bytes {
  readonly [index: number]: number;
  compare(other: Uint8Array, otherFrom: number, otherTo: number, from: number, to: number): number;
}

/**
 * Byte pattern of stream events that differ only in their text. Decoding an event of 200 bytes to a string, splitting
 * it into lines and parsing its JSON is the highest cost of a client per token; comparing bytes costs next to nothing
 * and allocates nothing.
 */
export class EventPattern {
  /** Bytes before the text, followed by those after it. */
  readonly around: Uint8Array;
  /** Number of bytes before the text. */
  readonly before: number;
  readonly #after: number;

  constructor(before: string, after: string) {
    this.around = Buffer.from(before + after);
    this.before = Buffer.byteLength(before);
    this.#after = this.around.length - this.before;
  }

  /** Position of the text in an event that begins at `from`. */
  textStart(from: number): number {
    return from + this.before;
  }

  /** End of an event whose text ends at `textEnd`. */
  eventEnd(textEnd: number): number {
    return textEnd + this.#after;
  }

  /**
   * End of the text in the event that begins at `from`. −1 where the event is different, incomplete at `to`, empty or
   * escaped.
   */
  textEnd(bytes: Bytes, from: number, to: number): number {
    const start = from + this.before;
    if (start > to || bytes.compare(this.around, 0, this.before, from, start) !== 0) return -1;
    for (let at = start; at < to; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) return at > start && this.#isAfter(bytes, at, to) ? at : -1;
      if (byte === BACKSLASH || byte < SPACE) return -1;
    }
    return -1;
  }

  #isAfter(bytes: Bytes, from: number, to: number): boolean {
    const end = from + this.#after;
    return end <= to && bytes.compare(this.around, this.before, this.around.length, from, end) === 0;
  }
}

/**
 * Pattern of an event written as `text`, from its data's template. Undefined where the data is split over several
 * lines.
 */
export function patternOf(text: string, data: string, { before, after }: EventTemplate): EventPattern | undefined {
  const at = text.indexOf(data);
  return at < 0 ? undefined : new EventPattern(text.slice(0, at) + before, after + text.slice(at + data.length));
}
