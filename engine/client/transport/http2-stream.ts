import { type ClientHttp2Session, type ClientHttp2Stream, constants, type OutgoingHttpHeaders } from 'node:http2';
import type { Clock } from '../../clock.js';
import { silent, socketClosed } from './connect-error.js';
import type { DispatchHandler } from './dispatch-handler.js';
import { IdleTimeout } from './idle-timeout.js';
import type { ReadTimestamps } from './read-timestamps.js';
import { headerList, type WireRequest } from './wire-request.js';

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

/** One request over an HTTP/2 stream. */
export class Http2Stream {
  readonly #handler: DispatchHandler;
  readonly #context: StreamContext;
  #hasAnswered = false;
  #hasEnded = false;

  constructor(session: ClientHttp2Session, context: StreamContext, options: WireRequest, handler: DispatchHandler) {
    this.#context = context;
    this.#handler = handler;
    handler.onRequestStart?.();
    const body = bytesOf(options.body);
    const stream = session.request(headersOf(context.origin, options, body), { endStream: body === undefined });
    this.#listen(stream, session, options);
    if (body) stream.end(body);
    handler.onWritten?.();
  }

  #listen(stream: ClientHttp2Stream, session: ClientHttp2Session, { headersTimeout, bodyTimeout }: WireRequest): void {
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
      handler.onResponseStart(status, headers, '');
      stream.on('data', (bytes: Buffer) => {
        this.#context.onRead();
        handler.onBytes(bytes, 0, bytes.length, this.#context.reads.at);
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
      if (!cause && this.#hasEnded && this.#hasAnswered && stream.rstCode === 0) handler.onResponseEnd();
      else handler.onResponseError(cause ?? whyClosed(stream.rstCode, session));
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

function bytesOf(body: WireRequest['body']): Buffer | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return Buffer.concat(body);
}

function headersOf(
  origin: string,
  { method, path, headers }: WireRequest,
  body: Buffer | undefined,
): OutgoingHttpHeaders {
  const all: OutgoingHttpHeaders = { ':method': method, ':path': path, ':authority': new URL(origin).host };
  const given = headerList(headers);
  for (let i = 0; i < given.length; i += 2) {
    const [name = '', value] = [given[i], given[i + 1]];
    const lower = name.toLowerCase();
    if (lower === 'host') all[':authority'] = value;
    else if (!CONNECTION_HEADERS.has(lower)) all[lower] = value;
  }
  if (body) all['content-length'] = body.length;
  return all;
}
