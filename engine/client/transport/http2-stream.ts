import { type ClientHttp2Session, type ClientHttp2Stream, constants, type OutgoingHttpHeaders } from 'node:http2';
import type { Dispatcher } from 'undici';
import type { Clock } from '../../clock.js';
import { silent, socketClosed } from './connect-error.js';
import { type DispatchHandler, passBody } from './dispatch-handler.js';
import { IdleTimeout } from './idle-timeout.js';
import type { ReadTimestamps } from './read-timestamps.js';

/** Session and connection of a stream. */
export interface StreamContext {
  readonly origin: string;
  readonly clock: Clock;
  readonly reads: ReadTimestamps;
  /** Called before any received data is handed on. */
  onRead(): void;
}

/** Headers of an HTTP/1 connection, which HTTP/2 does not have. */
const CONNECTION_HEADERS = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']);

/** One request over an HTTP/2 stream, reported as undici does. */
export class Http2Stream implements Dispatcher.DispatchController {
  aborted = false;
  paused = false;
  reason: Error | null = null;
  readonly rawHeaders = null;
  readonly rawTrailers = null;
  readonly #handler: DispatchHandler;
  readonly #context: StreamContext;
  readonly #stream: ClientHttp2Stream | undefined;
  #hasAnswered = false;
  #hasEnded = false;

  constructor(
    session: ClientHttp2Session,
    context: StreamContext,
    options: Dispatcher.DispatchOptions,
    handler: DispatchHandler,
  ) {
    this.#context = context;
    this.#handler = handler;
    handler.onRequestStart?.(this, undefined);
    if (this.aborted) throw this.reason;
    const body = bytesOf(options.body);
    const stream = session.request(headersOf(context.origin, options, body), { endStream: body === undefined });
    this.#stream = stream;
    this.#listen(stream, session, options);
    if (body) stream.end(body);
    handler.onWritten?.();
  }

  abort(reason: Error): void {
    this.aborted = true;
    this.reason = reason;
    this.#stream?.destroy(reason);
  }

  pause(): void {
    this.paused = true;
    this.#stream?.pause();
  }

  resume(): void {
    this.paused = false;
    this.#stream?.resume();
  }

  #listen(
    stream: ClientHttp2Stream,
    session: ClientHttp2Session,
    { headersTimeout, bodyTimeout }: Dispatcher.DispatchOptions,
  ): void {
    const handler = this.#handler;
    const silence = new IdleTimeout(this.#context.clock, this.#context.reads, headersTimeout ?? 0, () => {
      cause = silent(this.#hasAnswered);
      stream.destroy();
    });
    let cause: Error | undefined;
    stream.on('response', ({ ':status': status = 0, ...headers }) => {
      this.#context.onRead();
      this.#hasAnswered = true;
      silence.limit(bodyTimeout ?? 0);
      handler.onResponseStart?.(this, status, headers, '');
      stream.on('data', (bytes: Buffer) => {
        this.#context.onRead();
        passBody(handler, this, bytes, 0, bytes.length, this.#context.reads.at);
      });
    });
    stream.on('end', () => {
      this.#hasEnded = true;
    });
    stream.on('error', (error) => {
      cause ??= error;
    });
    // Only now is it known whether it has ended or was reset.
    stream.on('close', () => {
      silence.end();
      if (!cause && this.#hasEnded && this.#hasAnswered && stream.rstCode === 0) handler.onResponseEnd?.(this, {});
      else handler.onResponseError?.(this, cause ?? whyClosed(stream.rstCode, session));
    });
  }
}

/** Error of a stream closed without end or error. node:http2 emits none for a cancelled stream. */
function whyClosed(code: number | undefined, session: ClientHttp2Session): Error {
  if (session.destroyed || !code) return socketClosed();
  return new Error(
    code === constants.NGHTTP2_CANCEL ? 'the server cancelled the stream' : `stream reset, code ${code}`,
  );
}

function bytesOf(body: Dispatcher.DispatchOptions['body']): Buffer | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  throw new TypeError('over HTTP/2 a body is a text or bytes');
}

function headersOf(
  origin: string,
  { method, path, headers }: Dispatcher.DispatchOptions,
  body: Buffer | undefined,
): OutgoingHttpHeaders {
  const all: OutgoingHttpHeaders = { ':method': method, ':path': path, ':authority': new URL(origin).host };
  for (const [name, value] of pairsOf(headers)) {
    const lower = name.toLowerCase();
    if (lower === 'host') all[':authority'] = value;
    else if (!CONNECTION_HEADERS.has(lower)) all[lower] = value;
  }
  if (body) all['content-length'] = body.length;
  return all;
}

/** Name and value pairs of headers in any of undici's forms. */
function pairsOf(
  headers: Dispatcher.DispatchOptions['headers'],
): [name: string, value: string | string[] | undefined][] {
  if (!headers) return [];
  if (Array.isArray(headers)) return headers.flatMap((name, i) => (i % 2 === 0 ? [[name, headers[i + 1]]] : []));
  return Symbol.iterator in headers ? [...headers] : Object.entries(headers);
}
