import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { type Exchange, openExchange } from '../../../engine/client/exchange.js';
import { chatProtocol } from '../../../engine/client/protocols/chat.js';
import type { NativeReader, SocketReader } from '../../../engine/client/reader/native-reader.js';
import { send } from '../../../engine/client/request.js';
import { parseTarget } from '../../../engine/client/target.js';
import { ConnectionSet } from '../../../engine/client/transport/connection-set.js';
import type { Attempt, OnRead } from '../../../engine/client/transport/open-socket.js';
import type { Route } from '../../../engine/client/transport/route.js';
import { Transport } from '../../../engine/client/transport/transport.js';
import { type Clock, systemClock } from '../../../engine/clock.js';

/** Socket that takes everything and is given its reads by a test. */
class FedSocket extends Duplex {
  bytesRead = 0;
  bytesWritten = 0;

  override _read(): void {}

  override _write(bytes: Buffer, _: BufferEncoding, done: () => void): void {
    this.bytesWritten += bytes.length;
    done();
  }
}

const OPENING = { startedAt: 0, lookedUpAt: 0, connectedAt: 0, securedAt: 0 };

/** Transport over one fed socket. It is read in C where a reader is given. */
class FedTransport extends Transport {
  readonly socket = new FedSocket();
  readonly #reader: NativeReader | undefined;
  #feed: (bytes: Buffer, at: number) => void = () => undefined;
  #drain: () => void = () => undefined;

  constructor(reader: NativeReader | undefined) {
    super();
    this.#reader = reader;
  }

  /** Bytes as they come from the socket. `isBusy` leaves them in C for now. */
  read(bytes: Buffer, at: number, isBusy: boolean): void {
    if (bytes.length > 0) this.#feed(bytes, at);
    if (!isBusy) this.#drain();
  }

  override open(_: Route, __: Clock, done: Parameters<Transport['open']>[2], onRead?: OnRead): Attempt {
    const { socket } = this;
    if (!this.#reader) {
      this.#feed = (bytes) => {
        socket.bytesRead += bytes.length;
        if (!socket.destroyed) onRead?.(bytes.length, bytes);
      };
    }
    done(null, socket as Duplex as Socket);
    return { opening: OPENING, bytesRead: 0, error: undefined, cancel: () => socket.destroy() };
  }

  override readerFor(): SocketReader | undefined {
    const reader = this.#reader;
    return (
      reader && {
        adopt: (socket, user) => {
          const { stream, feed } = reader.feed(user);
          this.#feed = feed;
          this.#drain = () => stream.drain();
          socket.once('close', () => stream.close());
          return stream;
        },
      }
    );
  }
}

/** Clock that a test sets. Timers never come due. */
class SetClock implements Clock {
  at = 1000;

  now(): number {
    return this.at;
  }

  after(): () => void {
    return () => undefined;
  }

  breathe(): Promise<void> {
    return Promise.resolve();
  }

  worked(): number {
    return 0;
  }
}

const PATIENCE = { total: 60_000, idle: 60_000 };

/** Exchange, and true where it ended before its socket was closed. */
interface ReadAnswer {
  readonly exchange: Exchange;
  readonly hasEnded: boolean;
}

/**
 * Reads an answer, one read a millisecond. Then the socket is closed. `isBusy` tells for each read whether JavaScript
 * has no time for it.
 */
export async function readAnswer(
  reads: readonly Buffer[],
  reader: NativeReader | undefined,
  isBusy: () => boolean = () => false,
): Promise<ReadAnswer> {
  const clock = new SetClock();
  // Its own, for a server's habits are learned from one answer to the next.
  const target = parseTarget({ baseUrl: 'http://127.0.0.1:1/v1', model: 'm' });
  const transport = new FedTransport(reader);
  const connections = new ConnectionSet(target.origin, transport, clock);
  const exchange = openExchange('chat', 'm', clock.now());
  const body = { messages: 'hi' };
  const sent = send(chatProtocol, body, exchange, { target, connections, clock, timeouts: PATIENCE });
  for (const bytes of reads) {
    clock.at += 1;
    // A copy, for the next read overwrites it.
    transport.read(Buffer.from(bytes), clock.at, isBusy());
  }
  clock.at += 1;
  transport.read(Buffer.alloc(0), clock.at, false);
  let hasEnded = false;
  void sent.then(() => {
    hasEnded = true;
  });
  await systemClock.breathe();
  const answer = { exchange, hasEnded };
  transport.socket.destroy();
  await sent;
  connections.close();
  return answer;
}
