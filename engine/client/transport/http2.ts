import { type ClientHttp2Session, connect } from 'node:http2';
import type { Socket } from 'node:net';
import type { DispatchHandler } from './dispatch-handler.js';
import { Http2Stream, type StreamContext } from './http2-stream.js';
import type { WireRequest } from './wire-request.js';

/** Flow control window of a stream, in bytes. Large enough never to delay an answer. */
const STREAM_WINDOW = 4 * 1024 * 1024;
const SESSION_WINDOW = 4 * STREAM_WINDOW;

/** Connection under the HTTP/2 client. */
export interface ConnectionPort extends StreamContext {
  /** Opens the socket of a session. */
  open(done: (error: Error | null, socket: Socket | null) => void): void;
}

/**
 * HTTP/2 client where the server negotiates it, one request at a time. Sockets without HTTP/2 go to the HTTP/1 client.
 * On `node:http2`, because undici's own HTTP/2 (7.30) aborts the request in flight at a GOAWAY (nginx sends one after
 * every thousandth), takes a cancelled stream for one that has ended, and does not report reads of the socket.
 */
export class Http2 {
  readonly #below: ConnectionPort;
  #session: ClientHttp2Session | undefined;
  #speaksHttp1 = false;

  constructor(below: ConnectionPort) {
    this.#below = below;
  }

  /**
   * Sends a request over HTTP/2. Where the server speaks HTTP/1 only, calls `inHttp1`, with the socket if one was
   * opened.
   */
  dispatch(options: WireRequest, handler: DispatchHandler, inHttp1: (socket?: Socket) => void): void {
    const session = this.#session;
    if (this.#speaksHttp1) inHttp1();
    else if (session && !session.closed && !session.destroyed) this.#begin(session, options, handler);
    else this.#openFor(options, handler, inHttp1);
  }

  #openFor(options: WireRequest, handler: DispatchHandler, inHttp1: (socket?: Socket) => void): void {
    this.#below.open((error, socket) => {
      if (!socket) {
        handler.onResponseError(error ?? new Error('no socket'));
      } else if ((socket as { alpnProtocol?: unknown }).alpnProtocol === 'h2') {
        this.#session = openSession(this.#below.origin, socket);
        this.#begin(this.#session, options, handler);
      } else {
        this.#speaksHttp1 = true;
        inHttp1(socket);
      }
    });
  }

  #begin(session: ClientHttp2Session, options: WireRequest, handler: DispatchHandler): void {
    try {
      new Http2Stream(session, this.#below, options, handler);
    } catch (error) {
      handler.onResponseError(error as Error);
    }
  }
}

function openSession(origin: string, socket: Socket): ClientHttp2Session {
  const session = connect(origin, {
    createConnection: () => socket,
    settings: { enablePush: false, initialWindowSize: STREAM_WINDOW },
  });
  session.once('connect', () => session.setLocalWindowSize(SESSION_WINDOW));
  // Streams report it.
  session.on('error', () => undefined);
  return session;
}
