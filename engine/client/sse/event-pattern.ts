import { type EventTemplate, NUMBER } from './event-template.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/** Buffer, as far as a pattern needs it. The types of scenarios work without those of Node. */
interface Bytes {
  readonly [index: number]: number;
  compare(other: Uint8Array, otherFrom: number, otherTo: number, from: number, to: number): number;
}

/** Ends of the parts of a pattern between its numbers. */
type Parts = readonly number[];

/**
 * Byte pattern of stream events that differ only in their text. Unread numbers may differ too. Decoding an event of
 * 200 bytes to a string, splitting it into lines and parsing its JSON is the highest cost of a client per token;
 * comparing bytes costs next to nothing and allocates nothing.
 */
export class EventPattern {
  /** Bytes before the text, followed by those after it. NUMBER stands for any number. */
  readonly around: Uint8Array;
  /** Number of bytes before the text. */
  readonly before: number;
  /** Text and end of the latest event that fitted. */
  textFrom = 0;
  textTo = 0;
  end = 0;
  readonly #partsBefore: Parts;
  readonly #partsAfter: Parts;

  constructor(before: string, after: string) {
    this.around = Buffer.from(before + after);
    this.before = Buffer.byteLength(before);
    this.#partsBefore = partsOf(this.around, 0, this.before);
    this.#partsAfter = partsOf(this.around, this.before, this.around.length);
  }

  /** True where the event at `from` fits. A different, empty, escaped or incomplete one does not. */
  fits(bytes: Bytes, from: number, to: number): boolean {
    const start = this.#follow(0, this.#partsBefore, bytes, from, to);
    if (start < 0) return false;
    let at = start;
    for (; at < to; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) break;
      if (byte === BACKSLASH || byte < SPACE) return false;
    }
    if (at === start) return false;
    const end = this.#follow(this.before, this.#partsAfter, bytes, at, to);
    this.textFrom = start;
    this.textTo = at;
    this.end = end;
    return end >= 0;
  }

  /** Follows parts that begin at `first`, from `from`. Returns their end; −1 for other bytes. */
  #follow(first: number, parts: Parts, bytes: Bytes, from: number, to: number): number {
    let at = from;
    let part = first;
    for (let i = 0; i < parts.length; i += 1) {
      if (i > 0) {
        const number = at;
        while (at < to && isNumeric(bytes[at] ?? 0)) at += 1;
        if (at === number) return -1;
      }
      const partEnd = parts[i] as number;
      const end = at + partEnd - part;
      if (end > to || bytes.compare(this.around, part, partEnd, at, end) !== 0) return -1;
      at = end;
      part = partEnd + 1;
    }
    return at;
  }
}

function partsOf(around: Uint8Array, from: number, to: number): Parts {
  const ends: number[] = [];
  for (let at = from; at < to; at += 1) if (around[at] === NUMBER) ends.push(at);
  return [...ends, to];
}

/** True for a byte that a number may have. */
function isNumeric(byte: number): boolean {
  return (byte >= 48 && byte <= 57) || byte === 46 || byte === 45 || byte === 43 || (byte | 32) === 101;
}

/**
 * Pattern of an event written as `text`, from its data's template. Undefined where the data is split over several
 * lines.
 */
export function patternOf(text: string, data: string, { before, after }: EventTemplate): EventPattern | undefined {
  const at = text.indexOf(data);
  const start = text.slice(0, at);
  if (at < 0 || start.includes(String.fromCharCode(NUMBER))) return undefined;
  return new EventPattern(start + before, after + text.slice(at + data.length));
}
