import { StringDecoder } from 'node:string_decoder';
import type { Decoder, EventSink } from './decoder.js';

/** Longest body accepted, in characters. Embeddings of long lists take tens of megabytes. */
const LONGEST_BODY = 256 * 1024 * 1024;

/** Decoder that emits the whole body as one event at its end. */
export class WholeBody implements Decoder {
  readonly #decoder = new StringDecoder('utf8');
  readonly #sink: EventSink;
  #text = '';
  #at = 0;

  constructor(sink: EventSink) {
    this.#sink = sink;
  }

  feed(bytes: Uint8Array, from: number, to: number, at: number): void {
    this.#at = at;
    this.#text += this.#decoder.write(bytes.subarray(from, to));
    if (this.#text.length > LONGEST_BODY) this.#sink.onTooLong();
  }

  end(): void {
    this.#sink.onEvent({ data: this.#text }, this.#at);
  }
}
