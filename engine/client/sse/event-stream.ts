import { StringDecoder } from 'node:string_decoder';
import { createParser, type EventSourceParser } from 'eventsource-parser';
import { type Decoder, type EventSink, isDone, LONGEST_EVENT, type WireEvent } from '../body/decoder.js';
import { type EventPattern, patternOf } from './event-pattern.js';

/**
 * Byte order mark, which may begin a stream. The parser knows it as three bytes only, and the decoder has joined them.
 */
const BYTE_ORDER_MARK = 0xfeff;

const LF = 10;
const CR = 13;

/**
 * Server-sent events parser: bytes in, events out. Characters, lines and events may be cut anywhere. Each event is
 * handed on with the instant of the read that completed it, taken before anything was decoded.
 */
export class EventStream implements Decoder {
  readonly #sink: EventSink;
  /** Decodes characters that a read has cut; undefined before the first. */
  #decoder: StringDecoder | undefined;
  readonly #parser: EventSourceParser;
  #at = 0;
  #started = false;
  #isOver = false;
  /** True where the next byte begins an event. */
  #isBetween = true;
  /** True where the latest read ended with a CR. A LF after it is of the same line break. */
  #endsWithCr = false;
  /** Events parsed from the latest bytes. */
  #events: WireEvent[] = [];
  #pattern: EventPattern | undefined;

  constructor(sink: EventSink) {
    this.#sink = sink;
    this.#parser = createParser({
      onEvent: (event) => {
        this.#events.push(event);
        // By the standard an event without data is not dispatched; the parser hands it on.
        if (event.data === '' || (this.#isOver && !isWhole(event.data))) return;
        sink.onEvent(event, this.#at);
      },
      onError: (error) => {
        if (error.type === 'max-buffer-size-exceeded') sink.onTooLong('an event');
      },
      maxBufferSize: LONGEST_EVENT,
    });
  }

  get pattern(): EventPattern | undefined {
    return this.#isBetween ? this.#pattern : undefined;
  }

  feed(bytes: Buffer, from: number, to: number, at: number): void {
    this.#at = at;
    const rest = this.#pattern && this.#isBetween ? this.#feedTexts(this.#pattern, bytes, from, to) : from;
    if (rest < to) this.#parse(bytes.subarray(rest, to));
  }

  /** Accepts a last event without its empty line. One that is not JSON was cut and is dropped. */
  end(): void {
    this.#isOver = true;
    this.#parser.feed(`${this.#decoder?.end() ?? ''}\n\n`);
  }

  /** Emits the leading events that fit the pattern; returns their end. */
  #feedTexts(pattern: EventPattern, bytes: Buffer, from: number, to: number): number {
    let at = from;
    while (pattern.fits(bytes, at, to)) {
      at = pattern.end;
      this.#sink.onText?.(bytes, pattern.textFrom, pattern.textTo, this.#at);
    }
    return at;
  }

  #parse(bytes: Buffer): void {
    const text = this.#textOf(bytes);
    const begins = this.#isBetween;
    this.#isBetween = endsEvent(bytes);
    if (text === '') return;
    const marked = !this.#started && text.charCodeAt(0) === BYTE_ORDER_MARK;
    this.#started = true;
    this.#events = [];
    this.#feedParser(marked ? text.slice(1) : text);
    const [event, another] = this.#events;
    // A read of exactly one event shows how the server writes events.
    if (marked || !event || another || !begins || !this.#isBetween) return;
    const template = this.#sink.template?.(event);
    if (template) this.#pattern = patternOf(text, event.data, template);
  }

  /** Text of a read. One that ends with a whole character, as nearly all do, needs no decoder. */
  #textOf(bytes: Buffer): string {
    if (!this.#decoder && (bytes[bytes.length - 1] ?? 0) < 128) return bytes.toString('utf8');
    this.#decoder ??= new StringDecoder('utf8');
    return this.#decoder.write(bytes);
  }

  /** Feeds the parser. It would keep a line that ends with a CR until the next read. */
  #feedParser(text: string): void {
    const rest = this.#endsWithCr && text.charCodeAt(0) === LF ? text.slice(1) : text;
    this.#endsWithCr = rest.charCodeAt(rest.length - 1) === CR;
    this.#parser.feed(this.#endsWithCr ? `${rest}\n` : rest);
  }
}

function isWhole(data: string): boolean {
  if (isDone(data)) return true;
  try {
    JSON.parse(data);
    return true;
  } catch {
    return false;
  }
}

/** True for bytes that end with an empty line. */
function endsEvent(bytes: Buffer): boolean {
  const { length } = bytes;
  if (bytes[length - 1] !== LF) return false;
  return bytes[length - 2] === LF || (bytes[length - 2] === CR && bytes[length - 3] === LF);
}
