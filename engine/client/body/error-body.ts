import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { Failure } from '../exchange.js';
import { errorText } from '../protocols/protocol.js';

/** Most bytes kept of an error body. */
const LONGEST = 64 * 1024;

/** Decompressors by `content-encoding`. We ask for plain bodies, but some proxies compress all the same. */
const UNPACK: Readonly<Record<string, typeof gunzipSync>> = {
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/** Body of an error response, kept for its explanation. */
export class ErrorBody {
  readonly #coding: string;
  readonly #chunks: Buffer[] = [];
  #size = 0;

  /** Takes the response's `content-encoding`. */
  constructor(coding: string) {
    this.#coding = coding;
  }

  add(bytes: Buffer): void {
    if (this.#size >= LONGEST) return;
    this.#chunks.push(bytes);
    this.#size += bytes.length;
  }

  /** Failure with the body's explanation after its message. Secrets are redacted before it is cut to length. */
  explain(failure: Failure, redact: (text: string) => string): Failure {
    const said = lineOf(redact(this.#text()));
    return said === '' ? failure : { ...failure, message: `${failure.message}: ${said}` };
  }

  #text(): string {
    const bytes = Buffer.concat(this.#chunks);
    if (this.#coding === '' || this.#coding === 'identity') return bytes.toString('utf8');
    try {
      return UNPACK[this.#coding]?.(bytes, { maxOutputLength: LONGEST }).toString('utf8') ?? '';
    } catch {
      return '';
    }
  }
}

/** Explanation in one line, empty where unreadable. */
function lineOf(text: string): string {
  try {
    return errorText(JSON.parse(text)) || errorText(text);
  } catch {
    // Plain text or HTML: shown as it is.
    return errorText(text);
  }
}
