import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import type { Clock } from '../../clock.js';
import { silent, socketClosed } from './connect-error.js';
import { type DispatchHandler, passBody } from './dispatch-handler.js';
import { idleController } from './idle-controller.js';
import { IdleTimeout } from './idle-timeout.js';
import type { OnRead } from './open-socket.js';
import type { ReadTimestamps } from './read-timestamps.js';
import { type ResponseHeaders, type ResponseListener, ResponseReader } from './response-reader.js';

/** Connection under the HTTP/1.1 client. */
export interface ConnectionPort {
  readonly clock: Clock;
  readonly reads: ReadTimestamps;
  /** Prefix of the path: for a proxy, the server's origin. */
  readonly prefix: string;
  /** Headers of every request, `host` among them. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Opens a socket that passes what it reads to `onRead`. The bytes are valid until that returns. */
  open(onRead: OnRead, done: (error: Error | null, socket: Socket | null) => void): void;
}

/**
 * HTTP/1.1 client: one request at a time, responses as streams. Our own, because a token is a read: undici takes each
 * through a stream, a parser in WebAssembly and a copy, which costs more than the read itself, and waits for a turn of
 * the event loop before it writes to a reused socket.
 */
export class Http1 implements ResponseListener {
  readonly #below: ConnectionPort;
  readonly #reads: ReadTimestamps;
  #socket: Socket | undefined;
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
  #headers: Dispatcher.DispatchOptions['headers'];
  #text = '';

  constructor(below: ConnectionPort) {
    this.#below = below;
    this.#reads = below.reads;
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: DispatchHandler): void {
    this.#handler = handler;
    if (this.#socket && !this.#socket.destroyed) {
      this.#begin(this.#socket, options, handler);
      return;
    }
    this.#below.open(
      (length, bytes) => this.#onRead(length, bytes),
      (error, socket) => {
        if (socket) this.#take(socket);
        if (socket) this.#begin(socket, options, handler);
        else this.#fail(error ?? new Error('no socket'));
      },
    );
  }

  /** Takes over an open socket and reads from it. */
  adopt(socket: Socket): void {
    socket.on('data', (bytes: Buffer) => this.#onRead(bytes.length, bytes));
    this.#take(socket);
  }

  /** Closes the socket without calling the handler. */
  destroy(): void {
    this.#end();
    this.#socket?.destroy();
  }

  #take(socket: Socket): void {
    this.#socket = socket;
    socket.once('close', () => {
      this.#cancelIdling();
      if (this.#handler && !this.#reader?.close()) this.#fail(socketClosed());
    });
  }

  #begin(socket: Socket, options: Dispatcher.DispatchOptions, handler: DispatchHandler): void {
    this.#cancelIdling();
    handler.onRequestStart?.(idleController, undefined);
    this.#reader = new ResponseReader(this, options.method !== 'HEAD');
    this.#bodyTimeout = options.bodyTimeout ?? 0;
    this.#silence = new IdleTimeout(this.#below.clock, this.#reads, options.headersTimeout ?? 0, () => {
      socket.destroy();
      this.#fail(silent());
    });
    try {
      writeRequest(socket, options, this.#below.prefix, this.#headerText(options.headers));
      handler.onWritten?.();
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  /** Text of the headers; cached, since most requests repeat the previous ones. */
  #headerText(headers: Dispatcher.DispatchOptions['headers']): string {
    if (headers !== this.#headers || this.#text === '') {
      this.#text = headerText(headers, this.#below.headers);
      this.#headers = headers;
    }
    return this.#text;
  }

  onHead(status: number, headers: ResponseHeaders, reason: string): void {
    this.#kept = keptFor(headers);
    this.#handler?.onResponseStart?.(idleController, status, headers, reason);
  }

  onBody(bytes: Buffer, from: number, to: number): void {
    if (this.#handler) passBody(this.#handler, idleController, bytes, from, to, this.#reads.at);
  }

  onEnd(): void {
    const socket = this.#socket;
    const kept = this.#kept;
    if (!this.#reader?.reusable || kept <= 0) socket?.destroy();
    else if (kept < Number.POSITIVE_INFINITY) {
      this.#cancelIdling = this.#below.clock.after(kept, () => socket?.destroy());
    }
    const handler = this.#handler;
    if (this.#end()) handler?.onResponseEnd?.(idleController, {});
  }

  #onRead(length: number, bytes: Buffer): true {
    this.#reads.record();
    if (this.#bodyTimeout !== undefined) {
      this.#silence?.limit(this.#bodyTimeout);
      this.#bodyTimeout = undefined;
    }
    try {
      // Bytes without a request end the connection as well.
      this.#reader?.read(bytes, length);
    } catch (error) {
      this.#socket?.destroy();
      this.#fail(error as Error);
    }
    return true;
  }

  #fail(error: Error): void {
    const handler = this.#handler;
    if (this.#end()) handler?.onResponseError?.(idleController, error);
  }

  /** Ends the request; returns false where it had ended before. */
  #end(): boolean {
    const wasRunning = this.#handler !== undefined;
    this.#handler = undefined;
    this.#silence?.end();
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

/** Writes a request in one go, its body a string or bytes. Throws a TypeError for an invalid method or header. */
function writeRequest(socket: Socket, options: Dispatcher.DispatchOptions, prefix: string, headers: string): void {
  const { method, path } = options;
  if (!NAME.test(method)) throw new TypeError(`${JSON.stringify(method)} is not an HTTP method`);
  const body = options.body as string | Buffer | null | undefined;
  const length = body ? Buffer.byteLength(body) : 0;
  const size = length > 0 || WITH_BODY.has(method) ? `content-length: ${length}\r\n` : '';
  const head = `${method} ${prefix}${path} HTTP/1.1\r\n${headers}${size}\r\n`;
  if (!body) {
    socket.write(head, 'latin1');
  } else if (typeof body === 'string' && ASCII.test(head)) {
    socket.write(head + body);
  } else {
    socket.cork();
    socket.write(head, 'latin1');
    socket.write(body);
    socket.uncork();
  }
}

const ASCII = /^[\0-\x7f]*$/;
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Methods with a `content-length` even without a body (RFC 9110, section 8.6). */
const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

/** Text of the headers, with the connection's own first. A request may override those. */
function headerText(headers: Dispatcher.DispatchOptions['headers'], ofConnection: ConnectionPort['headers']): string {
  const given = Array.isArray(headers) ? headers : Object.entries(headers as Record<string, string>).flat();
  let own = ofConnection;
  let head = '';
  for (let i = 0; i < given.length; i += 2) {
    const [name = '', value = ''] = [given[i], given[i + 1]] as string[];
    if (!NAME.test(name) || !VALUE.test(value)) {
      throw new TypeError(`the header ${JSON.stringify(name)} has a character that no header may have`);
    }
    const lower = name.toLowerCase();
    // The length is that of the body, not the script's; other framing is ours to choose.
    if (lower === 'content-length') continue;
    if (lower === 'transfer-encoding')
      throw new TypeError('a request has no transfer-encoding here: its body is sent whole');
    if (own[lower] !== undefined) own = { ...own, [lower]: undefined };
    head += `${name}: ${value}\r\n`;
  }
  let ours = '';
  for (const name in own) if (own[name] !== undefined) ours += `${name}: ${own[name]}\r\n`;
  return ours + head;
}
