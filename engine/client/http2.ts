import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type OutgoingHttpHeaders,
} from 'node:http2';
import type { Socket } from 'node:net';
import { type Dispatcher, errors } from 'undici';

/** How much a server may send before it is told to go on, in bytes: so much that no answer ever waits for that. */
const STREAM_WINDOW = 4 * 1024 * 1024;
const SESSION_WINDOW = 4 * STREAM_WINDOW;

/** Headers that belong to a connection of HTTP/1, and have no meaning in HTTP/2. */
const CONNECTION_HEADERS = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']);

/** What HTTP/2 needs of the connection below it. */
export interface Below {
  readonly origin: string;
  /** Opens a socket, once for each session. */
  open(done: (error: Error | null, socket: Socket | null) => void): void;
  /** Called before anything that was read is handed on. */
  onRead(): void;
}

/**
 * Sends requests over HTTP/2 where the server agrees to it, one at a time, and hands a socket on which it does not to the
 * HTTP/1 client. On `node:http2`, because undici's own HTTP/2 (7.30) breaks off the request in flight when a server says
 * that it will take no further one (GOAWAY, as nginx does after every thousandth), takes a stream that was cancelled for
 * one that has ended, and does not tell when the socket was read.
 */
export class Http2 {
  readonly #below: Below;
  #session: ClientHttp2Session | undefined;
  /** A socket that speaks HTTP/1, for the HTTP/1 client to take. */
  #handed: Socket | undefined;
  #speaksHttp1 = false;

  constructor(below: Below) {
    this.#below = below;
  }

  /** What the HTTP/1 client takes its sockets from. */
  take(done: (error: Error | null, socket: Socket | null) => void): void {
    const socket = this.#handed;
    this.#handed = undefined;
    if (!socket || socket.destroyed) this.#below.open(done);
    // Undici does not notice a socket that it is given before it has done asking.
    else queueMicrotask(() => done(null, socket));
  }

  /** Stands before the HTTP/1 client and lets through what is for it. */
  readonly intercept: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
    const session = this.#session;
    if (this.#speaksHttp1) return dispatch(options, handler);
    if (session && !session.closed && !session.destroyed) {
      this.#begin(session, options, handler);
      return true;
    }
    this.#below.open((error, socket) => {
      if (!socket) {
        handler.onResponseError?.(idleController, error ?? new Error('no socket'));
      } else if ((socket as { alpnProtocol?: unknown }).alpnProtocol === 'h2') {
        this.#session = openSession(this.#below.origin, socket);
        this.#begin(this.#session, options, handler);
      } else {
        this.#speaksHttp1 = true;
        this.#handed = socket;
        dispatch(options, handler);
      }
    });
    return true;
  };

  #begin(session: ClientHttp2Session, options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    try {
      new Stream(session, this.#below, options, handler);
    } catch (error) {
      handler.onResponseError?.(idleController, error as Error);
    }
  }
}

function openSession(origin: string, socket: Socket): ClientHttp2Session {
  const session = connect(origin, {
    createConnection: () => socket,
    settings: { enablePush: false, initialWindowSize: STREAM_WINDOW },
  });
  session.once('connect', () => session.setLocalWindowSize(SESSION_WINDOW));
  // Streams tell of it.
  session.on('error', () => undefined);
  return session;
}

/** For a request that was never begun: there is nothing to stop. */
const idleController: Dispatcher.DispatchController = {
  aborted: false,
  paused: false,
  reason: null,
  rawHeaders: null,
  rawTrailers: null,
  abort: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
};

/** One request and its answer: what undici's handlers are told, told of an HTTP/2 stream. */
class Stream implements Dispatcher.DispatchController {
  aborted = false;
  paused = false;
  reason: Error | null = null;
  readonly rawHeaders = null;
  readonly rawTrailers = null;
  readonly #handler: Dispatcher.DispatchHandler;
  readonly #below: Below;
  readonly #stream: ClientHttp2Stream | undefined;
  #hasAnswered = false;
  #hasEnded = false;

  constructor(
    session: ClientHttp2Session,
    below: Below,
    options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ) {
    this.#below = below;
    this.#handler = handler;
    handler.onRequestStart?.(this, undefined);
    if (this.aborted) throw this.reason;
    const body = bytesOf(options.body);
    const stream = session.request(headersOf(below.origin, options, body), { endStream: body === undefined });
    this.#stream = stream;
    this.#listen(stream, session, options);
    if (body) stream.end(body);
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
    let cause: Error | undefined;
    stream.setTimeout(headersTimeout ?? 0);
    stream.on('response', ({ ':status': status = 0, ...headers }) => {
      this.#below.onRead();
      this.#hasAnswered = true;
      stream.setTimeout(bodyTimeout ?? 0);
      handler.onResponseStart?.(this, status, headers, '');
      stream.on('data', (bytes: Buffer) => {
        this.#below.onRead();
        handler.onResponseData?.(this, bytes);
      });
    });
    stream.on('timeout', () => {
      cause = this.#hasAnswered ? new errors.BodyTimeoutError() : new errors.HeadersTimeoutError();
      stream.destroy();
    });
    stream.on('end', () => {
      this.#hasEnded = true;
    });
    stream.on('error', (error) => {
      cause ??= error;
    });
    // Only now is it known whether it has ended or was reset.
    stream.on('close', () => {
      if (!cause && this.#hasEnded && this.#hasAnswered && stream.rstCode === 0) handler.onResponseEnd?.(this, {});
      else handler.onResponseError?.(this, cause ?? whyClosed(stream.rstCode, session));
    });
  }
}

/** Why a stream closed that neither ended nor had an error: node:http2 keeps quiet about those that were cancelled. */
function whyClosed(code: number | undefined, session: ClientHttp2Session): Error {
  if (session.destroyed || !code) return new errors.SocketError('other side closed');
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

/** Headers in any of the forms in which undici takes them. */
function pairsOf(
  headers: Dispatcher.DispatchOptions['headers'],
): [name: string, value: string | string[] | undefined][] {
  if (!headers) return [];
  if (Array.isArray(headers)) return headers.flatMap((name, i) => (i % 2 === 0 ? [[name, headers[i + 1]]] : []));
  return Symbol.iterator in headers ? [...headers] : Object.entries(headers);
}
