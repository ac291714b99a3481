import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import type { Clock } from '../../clock.js';
import { silent, socketClosed } from './connect-error.js';
import { giveBody, type Sender } from './dispatch-handler.js';
import { idleController } from './idle-controller.js';
import { Silence } from './idle-timeout.js';
import type { OnRead } from './open-socket.js';
import type { Reads } from './read-timestamps.js';
import { type ResponseHeaders, type ResponseListener, ResponseReader } from './response-reader.js';

/** What HTTP/1.1 needs of the connection below it. */
export interface Below {
  readonly clock: Clock;
  readonly reads: Reads;
  /** Stands before the path of every request: for a proxy the server's whole address. */
  readonly prefix: string;
  /** Headers of every request, `host` among them. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Opens a socket that gives what it reads to `onRead`, to be used before that returns. */
  open(onRead: OnRead, done: (error: Error | null, socket: Socket | null) => void): void;
}

/**
 * Sends requests over HTTP/1.1, one at a time, and reads streams as they come. Of our own, because a token is a read:
 * undici takes each through a stream, a parser in WebAssembly and a copy, which costs more than the read itself, and it
 * lets a turn of the event loop pass before it writes to a socket that was used before.
 */
export class Http1 implements ResponseListener {
  readonly #below: Below;
  readonly #reads: Reads;
  #socket: Socket | undefined;
  #handler: Sender | undefined;
  #reader: ResponseReader | undefined;
  #silence: Silence | undefined;
  /** Gives the idle socket up. */
  #cancelIdling: () => void = () => undefined;
  /** While nothing of the answer has come: how long it may fall silent once it has begun. */
  #bodyTimeout: number | undefined;
  /** How long the socket may be kept when the answer has ended, in milliseconds. */
  #kept = 0;
  /** The headers that were sent last, and their text. */
  #headers: Dispatcher.DispatchOptions['headers'];
  #text = '';

  constructor(below: Below) {
    this.#below = below;
    this.#reads = below.reads;
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: Sender): void {
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

  /** Takes over a socket that was opened by somebody else, and reads it. */
  adopt(socket: Socket): void {
    socket.on('data', (bytes: Buffer) => this.#onRead(bytes.length, bytes));
    this.#take(socket);
  }

  /** Throws the socket away; nobody is told. */
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

  #begin(socket: Socket, options: Dispatcher.DispatchOptions, handler: Sender): void {
    this.#cancelIdling();
    handler.onRequestStart?.(idleController, undefined);
    this.#reader = new ResponseReader(this, options.method !== 'HEAD');
    this.#bodyTimeout = options.bodyTimeout ?? 0;
    this.#silence = new Silence(this.#below.clock, this.#reads, options.headersTimeout ?? 0, () => {
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

  /** Most requests have the very same headers as the one before. */
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
    if (this.#handler) giveBody(this.#handler, idleController, bytes, from, to, this.#reads.at);
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
    this.#reads.note();
    if (this.#bodyTimeout !== undefined) {
      this.#silence?.limit(this.#bodyTimeout);
      this.#bodyTimeout = undefined;
    }
    try {
      // Bytes that nobody has asked for end the connection as well.
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

  /** The request is over. Returns whether it was not before. */
  #end(): boolean {
    const wasRunning = this.#handler !== undefined;
    this.#handler = undefined;
    this.#silence?.end();
    return wasRunning;
  }
}

/** How long an idle socket may be kept, in milliseconds: less some of what the server says, so that no request meets its end. */
function keptFor({ 'keep-alive': kept }: ResponseHeaders): number {
  const [, seconds] = (typeof kept === 'string' && /timeout=(\d+)/i.exec(kept)) || [];
  return seconds === undefined ? Number.POSITIVE_INFINITY : Number(seconds) * 1000 - 1000;
}

/** Writes a request, whose body may be a text or bytes, in one go. Throws where a header has what no header may have. */
function writeRequest(socket: Socket, options: Dispatcher.DispatchOptions, prefix: string, headers: string): void {
  const { method, path } = options;
  if (!NAME.test(method)) throw new TypeError(`${JSON.stringify(method)} is no method of HTTP`);
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

/** Methods whose requests say how long their body is, also where there is none (RFC 9110, section 8.6). */
const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

/** Headers as they are written, those of the connection first; a request may have its own in their place. */
function headerText(headers: Dispatcher.DispatchOptions['headers'], ofConnection: Below['headers']): string {
  const given = Array.isArray(headers) ? headers : Object.entries(headers as Record<string, string>).flat();
  let own = ofConnection;
  let head = '';
  for (let i = 0; i < given.length; i += 2) {
    const [name = '', value = ''] = [given[i], given[i + 1]] as string[];
    if (!NAME.test(name) || !VALUE.test(value)) {
      throw new TypeError(`the header ${JSON.stringify(name)} has a character that no header may have`);
    }
    const lower = name.toLowerCase();
    // The length is that of the body, whatever a script says; what else frames it is ours to say.
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
