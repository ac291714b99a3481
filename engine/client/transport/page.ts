import type { DispatchHandler } from './dispatch-handler.js';
import type { ReceivedHeaders } from './wire-request.js';

/** Response to a request beside the load. */
export interface Page {
  readonly status: number;
  readonly headers: ReceivedHeaders;
  readonly text: string;
}

/** Longest text, in bytes. A page of metrics has some hundred kilobytes. */
const LONGEST = 64 * 1024 * 1024;

/** Collects a response as a text. */
export class PageReader implements DispatchHandler {
  readonly #onPage: (page: Page) => void;
  readonly #onError: (error: Error) => void;
  readonly #parts: Buffer[] = [];
  #length = 0;
  #status = 0;
  #headers: ReceivedHeaders = {};

  constructor(onPage: (page: Page) => void, onError: (error: Error) => void) {
    this.#onPage = onPage;
    this.#onError = onError;
  }

  onResponseStart(status: number, headers: ReceivedHeaders): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
  }

  onBytes(bytes: Buffer, from: number, to: number): void {
    this.#length += to - from;
    if (this.#length > LONGEST) {
      this.#parts.length = 0;
      this.#onError(new Error('the answer is longer than 64 MiB'));
      return;
    }
    // The next read may overwrite them.
    this.#parts.push(Buffer.from(bytes.subarray(from, to)));
  }

  onResponseEnd(): void {
    this.#onPage({
      status: this.#status,
      headers: this.#headers,
      text: new TextDecoder().decode(Buffer.concat(this.#parts)),
    });
  }

  onResponseError(error: Error): void {
    this.#onError(error);
  }
}
