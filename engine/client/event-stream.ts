import { StringDecoder } from 'node:string_decoder';
import { createParser, type EventSourceParser } from 'eventsource-parser';
import { type Decoder, LONGEST_EVENT, type Notice } from './decoder.js';

/** May open a stream by the standard; the parser knows it only as three bytes, and the decoder has joined them. */
const BYTE_ORDER_MARK = 0xfeff;

/**
 * Bytes in, server-sent events out. Characters, lines and events may be cut anywhere.
 * Each event is handed on with the instant of the read that completed it, taken before anything was decoded.
 */
export class EventStream implements Decoder {
  readonly #decoder = new StringDecoder('utf8');
  readonly #parser: EventSourceParser;
  #at = 0;
  #started = false;

  constructor({ onEvent, onTooLong }: Notice) {
    this.#parser = createParser({
      onEvent: (event) => {
        // By the standard an event without data is none; the parser hands it on.
        if (event.data !== '') onEvent(event, this.#at);
      },
      onError: (error) => {
        if (error.type === 'max-buffer-size-exceeded') onTooLong();
      },
      maxBufferSize: LONGEST_EVENT,
    });
  }

  feed(bytes: Uint8Array, at: number): void {
    this.#at = at;
    const text = this.#decoder.write(bytes);
    if (text === '') return;
    const marked = !this.#started && text.charCodeAt(0) === BYTE_ORDER_MARK;
    this.#started = true;
    this.#parser.feed(marked ? text.slice(1) : text);
  }

  /** By the standard an event that was never completed is none. */
  end(): void {}
}
