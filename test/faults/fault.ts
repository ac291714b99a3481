import type { Doubt, FailureKind } from '../../engine/client/exchange.js';
import type { Timeouts } from '../../engine/client/request-context.js';
import { type Call, chunk, END, STREAM } from '../support/misbehaving-server.js';

/** Row of the fault table. An action of a server, and its result. */
export interface FaultOf<Call> {
  /** Unique; requests name their row by their model. */
  readonly name: string;
  readonly act: (call: Call) => unknown;
  readonly kind: FailureKind | 'success';
  /** Message of the failure. */
  readonly says?: RegExp;
  /** Text that had come; 'Hello you' by default for a success. */
  readonly text?: string;
  /** Output tokens, 2 by default. */
  readonly tokens?: number;
  /** Reason not to believe the count of tokens. */
  readonly doubt?: Doubt;
  /** Time limits of the request, generous by default. */
  readonly timeouts?: Timeouts;
}

/** Fault of a server over a raw socket. */
export type Fault = FaultOf<Call>;

/** Time limits for a response that never ends. */
export const SHORT: Timeouts = { total: 250, idle: 10_000 };

/** Writes the whole answer. */
export function bytes(...parts: readonly (string | Buffer)[]): Fault['act'] {
  const all = joined(parts);
  return ({ socket }) => socket.write(all);
}

/** Writes the answer and closes the socket in order. */
export function thenClose(...parts: readonly (string | Buffer)[]): Fault['act'] {
  const all = joined(parts);
  return ({ socket }) => socket.end(all);
}

/** Writes the answer, and resets the socket a moment later. */
export function thenReset(...parts: readonly (string | Buffer)[]): Fault['act'] {
  const all = joined(parts);
  return ({ socket }) => {
    if (all.length > 0) socket.write(all);
    setTimeout(() => socket.resetAndDestroy(), 20);
  };
}

/** Writes pieces `ms` milliseconds apart. The last one again and again, if asked for. */
export function paced(pieces: readonly (string | Buffer)[], ms: number, again = false): Fault['act'] {
  return ({ socket }) => {
    let next = 0;
    const timer = setInterval(() => {
      const piece = pieces[Math.min(next, pieces.length - 1)];
      next += 1;
      if (piece !== undefined) socket.write(piece);
      if (next >= pieces.length && !again) clearInterval(timer);
    }, ms);
    socket.once('close', () => clearInterval(timer));
  };
}

/** Writes a beginning, and then one piece again and again. */
export function flood(begin: string | Buffer, piece: string | Buffer): Fault['act'] {
  const block = Buffer.from(piece);
  return ({ socket }) => {
    let goesOn = true;
    socket.once('close', () => {
      goesOn = false;
    });
    const go = () => {
      if (!goesOn) return;
      if (socket.write(block)) setImmediate(go);
      else socket.once('drain', go);
    };
    socket.write(begin);
    go();
  };
}

/** Head of a good response with further headers. */
export function head(...headers: readonly string[]): string {
  return ['HTTP/1.1 200 OK', 'content-type: text/event-stream', ...headers, '', ''].join('\r\n');
}

/** Event without chunk framing. Takes an object, or the text of its data. */
export function line(data: unknown): string {
  return `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
}

/** Event of a piece of the answer, without chunk framing. */
export function word(content: unknown, more: object = {}): string {
  return line({ choices: [{ index: 0, delta: { content }, ...more }] });
}

export const STOP = line({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
export const DONE = line('[DONE]');
export const WORDS = word('Hello') + word(' you');
/** Events of a good answer. */
export const ANSWER = WORDS + STOP + DONE;

/** Good response whose body is this text. */
export function stream(body: string | Buffer, headers: readonly string[] = []): Buffer {
  const framed = Buffer.concat([Buffer.from(`${Buffer.byteLength(body).toString(16)}\r\n`), Buffer.from(body)]);
  const begin = headers.length > 0 ? head(...headers, 'transfer-encoding: chunked') : STREAM;
  return Buffer.concat([Buffer.from(begin), framed, Buffer.from(`\r\n${END}`)]);
}

/** Beginning of a good response whose body goes on. */
export function begun(body: string): string {
  return STREAM + chunk(body);
}

function joined(parts: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}
