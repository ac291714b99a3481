import { type ClientHttp2Session, connect } from 'node:http2';
import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import type { Sender } from './dispatch-handler.js';
import { Http2Stream, type StreamSurroundings } from './http2-stream.js';
import { idleController } from './idle-controller.js';

/** How much a server may send before it is told to go on, in bytes: so much that no answer ever waits for that. */
const STREAM_WINDOW = 4 * 1024 * 1024;
const SESSION_WINDOW = 4 * STREAM_WINDOW;

/** What HTTP/2 needs of the connection below it. */
export interface Below extends StreamSurroundings {
  /** Opens a socket, once for each session. */
  open(done: (error: Error | null, socket: Socket | null) => void): void;
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

  /** Stands before undici's HTTP/1 client and lets through what is for it. */
  readonly intercept: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
    this.dispatch(options, handler, (socket) => {
      this.#handed = socket;
      dispatch(options, handler);
    });
    return true;
  };

  /** Sends a request; where the server speaks HTTP/1 alone, that is left to `inHttp1`, with a socket if one was opened. */
  dispatch(options: Dispatcher.DispatchOptions, handler: Sender, inHttp1: (socket?: Socket) => void): void {
    const session = this.#session;
    if (this.#speaksHttp1) inHttp1();
    else if (session && !session.closed && !session.destroyed) this.#begin(session, options, handler);
    else this.#openFor(options, handler, inHttp1);
  }

  #openFor(options: Dispatcher.DispatchOptions, handler: Sender, inHttp1: (socket?: Socket) => void): void {
    this.#below.open((error, socket) => {
      if (!socket) {
        handler.onResponseError?.(idleController, error ?? new Error('no socket'));
      } else if ((socket as { alpnProtocol?: unknown }).alpnProtocol === 'h2') {
        this.#session = openSession(this.#below.origin, socket);
        this.#begin(this.#session, options, handler);
      } else {
        this.#speaksHttp1 = true;
        inHttp1(socket);
      }
    });
  }

  #begin(session: ClientHttp2Session, options: Dispatcher.DispatchOptions, handler: Sender): void {
    try {
      new Http2Stream(session, this.#below, options, handler);
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
