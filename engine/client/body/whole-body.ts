import { StringDecoder } from 'node:string_decoder';
import type { Decoder, EventSink } from './decoder.js';

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
  }

  end(): void {
    this.#sink.onEvent({ data: this.#text }, this.#at);
  }
}
