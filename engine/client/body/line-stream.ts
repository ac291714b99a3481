import { StringDecoder } from 'node:string_decoder';
import { type Decoder, type EventSink, LONGEST_EVENT } from './decoder.js';

const BYTE_ORDER_MARK = '\uFEFF';

/**
 * NDJSON parser: bytes in, lines of JSON out. Characters and lines may be cut anywhere. Each line is handed on with the
 * instant of the read that completed it, taken before anything was decoded.
 */
export class LineStream implements Decoder {
  readonly #decoder = new StringDecoder('utf8');
  readonly #sink: EventSink;
  /** Incomplete line so far. */
  #begun = '';
  #at = 0;
  #started = false;

  constructor(sink: EventSink) {
    this.#sink = sink;
  }

  feed(bytes: Uint8Array, from: number, to: number, at: number): void {
    this.#at = at;
    let text = this.#decoder.write(bytes.subarray(from, to));
    if (text === '') return;
    if (!this.#started && text.startsWith(BYTE_ORDER_MARK)) text = text.slice(1);
    this.#started = true;
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      const line = this.#begun + text.slice(start, end);
      this.#begun = '';
      start = end + 1;
      this.#emit(line);
    }
    this.#begun += text.slice(start);
    if (this.#begun.length > LONGEST_EVENT) this.#sink.onTooLong('a line');
  }

  /** Emits a last line without a line break. One that is not valid JSON was cut, and is dropped. */
  end(): void {
    try {
      JSON.parse(this.#begun);
    } catch {
      return;
    }
    this.#emit(this.#begun);
  }

  #emit(line: string): void {
    const data = line.trim();
    if (data.length > LONGEST_EVENT) this.#sink.onTooLong('a line');
    else if (data !== '') this.#sink.onEvent({ data }, this.#at);
  }
}
