import type { Socket } from 'node:net';
import type { Clock } from '../../clock.js';
import type { SocketReader } from '../reader/native-reader.js';
import type { NativeStream, StreamUser } from '../reader/native-stream.js';
import { silent, socketClosed } from './connect-error.js';
import type { DispatchHandler } from './dispatch-handler.js';
import { IdleTimeout } from './idle-timeout.js';
import type { OnRead } from './open-socket.js';
import type { ReadTimestamps } from './read-timestamps.js';
import { headerText, writeRequest } from './request-head.js';
import { type ResponseHeaders, type ResponseListener, ResponseReader } from './response-reader.js';
import type { WireRequest } from './wire-request.js';

/** Connection under the HTTP/1.1 client. */
export interface ConnectionPort {
  readonly clock: Clock;
  readonly reads: ReadTimestamps;
  /** Prefix of the path: for a proxy, the server's origin. */
  readonly prefix: string;
  /** Headers of every request, `host` among them. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** True without TLS, where all bytes of a socket pass here. */
  readonly isPlain: boolean;
  /** Reader of streams of events, started by the first. Undefined where JavaScript reads them. */
  readonly native: (() => SocketReader | undefined) | undefined;
  /** Opens a socket that passes what it reads to `onRead`. The bytes are valid until that returns. */
  open(onRead: OnRead, done: (error: Error | null, socket: Socket | null) => void): void;
}

/**
 * HTTP/1.1 client: one request at a time, responses as streams. Our own, because a token is a read: undici takes each
 * through a stream, a parser in WebAssembly and a copy, which costs more than the read itself, and waits for a turn of
 * the event loop before it writes to a reused socket.
 */
export class Http1 implements ResponseListener, StreamUser {
  readonly #below: ConnectionPort;
  readonly #reads: ReadTimestamps;
  #socket: Socket | undefined;
  #stream: NativeStream | undefined;
  /** Opened here, without TLS; its bytes so far. */
  #isOwn = false;
  #sent = 0;
  #received = 0;
  #handler: DispatchHandler | undefined;
  #reader: ResponseReader | undefined;
  #silence: IdleTimeout | undefined;
  /** Cancels the idle timeout of a kept-alive socket. */
  #cancelIdling: () => void = () => undefined;
  /** Idle timeout of the body, while nothing of it has come. */
  #bodyTimeout: number | undefined;
  /** Keep-alive time after the response, in milliseconds. */
  #kept = 0;
  /** Headers of the previous request, and their text. */
  #headers: WireRequest['headers'];
  #text = '';

  constructor(below: ConnectionPort) {
    this.#below = below;
    this.#reads = below.reads;
  }

  dispatch(options: WireRequest, handler: DispatchHandler): void {
    this.#handler = handler;
    if (this.#socket && !this.#socket.destroyed) {
      this.#begin(this.#socket, options, handler);
      return;
    }
    this.#below.open(
      (length, bytes) => {
        this.#received += length;
        return this.#onRead(length, bytes);
      },
      (error, socket) => {
        if (socket) this.#take(socket, handler.pattern && this.#below.native?.());
        this.#isOwn = this.#below.isPlain;
        if (socket) this.#begin(socket, options, handler);
        else this.#fail(error ?? new Error('no socket'));
      },
    );
  }

  /** Takes over an open socket and reads from it. */
  adopt(socket: Socket): void {
    socket.on('data', (bytes: Buffer) => this.#onRead(bytes.length, bytes));
    this.#take(socket);
    this.#isOwn = false;
  }

  /** Closes the socket without calling the handler. */
  destroy(): void {
    this.#end();
    this.#socket?.destroy();
  }

  /** Bytes over the current socket, where they are counted here. The socket's own counts take longer to read. */
  get bytes(): { readonly sent: number; readonly received: number } | undefined {
    if (!this.#isOwn) return undefined;
    return { sent: this.#sent, received: this.#stream?.received ?? this.#received };
  }

  /** Handles what was read and is not yet handed on. */
  drain(): void {
    this.#stream?.drain();
  }

  #take(socket: Socket, native?: SocketReader): void {
    this.#socket = socket;
    this.#sent = 0;
    this.#received = 0;
    this.#stream = native?.adopt(socket, this);
    if (this.#stream) this.#reads.refresh = () => this.drain();
    socket.once('close', () => {
      this.#cancelIdling();
      if (this.#handler && !this.#reader?.close()) this.#fail(socketClosed());
    });
  }

  #begin(socket: Socket, options: WireRequest, handler: DispatchHandler): void {
    this.#cancelIdling();
    handler.onRequestStart?.();
    this.#reader = new ResponseReader(this, options.method !== 'HEAD');
    const { headersTimeout = 0, bodyTimeout = 0 } = options;
    if (headersTimeout || bodyTimeout) {
      this.#bodyTimeout = bodyTimeout ?? 0;
      this.#silence = new IdleTimeout(this.#below.clock, this.#reads, headersTimeout ?? 0, () => {
        socket.destroy();
        this.#fail(silent());
      });
    }
    try {
      this.#sent += writeRequest(socket, options, this.#below.prefix, this.#headerText(options.headers));
      handler.onWritten?.();
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  /** Text of the headers; cached, since most requests repeat the previous ones. */
  #headerText(headers: WireRequest['headers']): string {
    if (headers !== this.#headers || this.#text === '') {
      this.#text = headerText(headers, this.#below.headers);
      this.#headers = headers;
    }
    return this.#text;
  }

  onHead(status: number, headers: ResponseHeaders, reason: string): void {
    this.#kept = keptFor(headers);
    this.#handler?.onResponseStart(status, headers, reason);
  }

  onBody(bytes: Buffer, from: number, to: number): void {
    this.#handler?.onBytes(bytes, from, to, this.#reads.at);
  }

  onEnd(): void {
    const socket = this.#socket;
    const kept = this.#kept;
    if (!this.#reader?.reusable || kept <= 0) socket?.destroy();
    else if (kept < Number.POSITIVE_INFINITY) {
      this.#cancelIdling = this.#below.clock.after(kept, () => socket?.destroy());
    }
    const handler = this.#handler;
    if (this.#end()) handler?.onResponseEnd();
  }

  onRaw(bytes: Buffer, from: number, to: number, at: number): void {
    this.#onRead(to, bytes, from, at);
  }

  onText(bytes: Buffer, from: number, to: number, at: number, size: number): void {
    this.#reads.record(at);
    this.#handler?.onRecognized?.(bytes, from, to, at, size);
  }

  onPlace(place: number, left: number): void {
    this.#reader?.continueAt(place, left);
  }

  onOver(error: Error | undefined): void {
    // At once, so that no further request is written to it.
    this.#socket?.destroy(error);
  }

  expected(): ReturnType<StreamUser['expected']> {
    const pattern = this.#handler?.pattern?.();
    const place = pattern && this.#reader?.place;
    return pattern && place && { pattern, place };
  }

  #onRead(length: number, bytes: Buffer, from = 0, at?: number): true {
    this.#reads.record(at);
    if (this.#bodyTimeout !== undefined) {
      this.#silence?.limit(this.#bodyTimeout);
      this.#bodyTimeout = undefined;
    }
    try {
      // Bytes without a request end the connection as well.
      this.#reader?.read(bytes, length, from);
    } catch (error) {
      this.#socket?.destroy();
      this.#fail(error as Error);
    }
    return true;
  }

  #fail(error: Error): void {
    const handler = this.#handler;
    if (this.#end()) handler?.onResponseError(error);
  }

  /** Ends the request; returns false where it had ended before. */
  #end(): boolean {
    const wasRunning = this.#handler !== undefined;
    this.#handler = undefined;
    this.#silence?.end();
    this.#silence = undefined;
    return wasRunning;
  }
}

/**
 * Keep-alive time in milliseconds, from the `keep-alive` header. A second shorter than the server's, so that no request
 * meets its close.
 */
function keptFor({ 'keep-alive': kept }: ResponseHeaders): number {
  const [, seconds] = (typeof kept === 'string' && /timeout=(\d+)/i.exec(kept)) || [];
  return seconds === undefined ? Number.POSITIVE_INFINITY : Number(seconds) * 1000 - 1000;
}
