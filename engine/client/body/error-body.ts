import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { errorText } from '../protocols/protocol.js';

/** An error body is read up to here, in bytes. */
const LONGEST = 64 * 1024;

/** We ask for plain bodies, but some proxies compress all the same. */
const UNPACK: Readonly<Record<string, typeof gunzipSync>> = {
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/** The body of a response that is no stream: it explains what went wrong. */
export class ErrorBody {
  readonly #coding: string;
  readonly #chunks: Buffer[] = [];
  #size = 0;

  /** `coding` is the response's content-encoding. */
  constructor(coding: string) {
    this.#coding = coding;
  }

  add(bytes: Buffer): void {
    if (this.#size >= LONGEST) return;
    this.#chunks.push(bytes);
    this.#size += bytes.length;
  }

  /** What it says, in one line; empty where it says nothing that can be read. Secrets are taken out before it is cut. */
  explain(redact: (text: string) => string): string {
    const text = redact(this.#text());
    try {
      return errorText(JSON.parse(text)) || errorText(text);
    } catch {
      // Plain text or HTML: shown as it is.
      return errorText(text);
    }
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
