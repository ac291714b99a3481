import { connect, type Socket } from 'node:net';
import { type Clock, systemClock } from '../clock.js';

/** Milliseconds between two attempts to connect. */
const RETRY = 500;

/** Milliseconds for the other side to say what it speaks. */
const PATIENCE = 5000;

/** Probe interval of an idle connection, in milliseconds. */
const KEEP_ALIVE = 30_000;

/** Longest frame that is read, in bytes. */
const LONGEST_FRAME = 64 * 1024 * 1024;

/** Length of a greeting, in bytes. */
const GREETING = 64;

/** Flags of a frame. */
const LONG = 2;
const COMMAND = 4;

/** Events of a dealer. */
export interface DealerListener {
  /** Called after each handshake. */
  onOpen(): void;
  onMessage(body: Buffer): void;
  /** Called once for each loss of the connection. The first attempt counts; it is tried again. */
  onLost(why: string): void;
  /** Called once where something else than ZeroMQ answers. Nothing is tried again. */
  onForeign(what: string): void;
}

/**
 * Socket of type DEALER in ZMTP 3.0 (https://rfc.zeromq.org/spec/23/), without security. It connects again by itself.
 * The library of that protocol has 34 MB of binaries, and none for some systems on which Node runs.
 */
export class Dealer {
  readonly #host: string;
  readonly #port: number;
  readonly #identity: string;
  readonly #listener: DealerListener;
  readonly #clock: Clock;
  #socket: Socket | undefined;
  #rest: Buffer = Buffer.alloc(0);
  #stage: 'greeting' | 'ready' | 'open' = 'greeting';
  #wasLost = false;
  #isClosed = false;
  #cancel: () => void = () => undefined;

  constructor(
    address: { readonly host: string; readonly port: number },
    identity: string,
    listener: DealerListener,
    clock = systemClock,
  ) {
    this.#host = address.host;
    this.#port = address.port;
    this.#identity = identity;
    this.#listener = listener;
    this.#clock = clock;
    this.#connect();
  }

  /** Sends a message of one frame. Dropped while there is no connection. */
  send(body: Uint8Array): void {
    if (this.#stage === 'open') this.#socket?.write(Buffer.concat([head(0, body.length), body]));
  }

  /** Drops the connection and makes a new one. */
  reconnect(): void {
    this.#socket?.destroy();
  }

  /** Ends the connection after what was sent. */
  close(): void {
    this.#isClosed = true;
    this.#cancel();
    this.#socket?.end();
  }

  #connect(): void {
    this.#stage = 'greeting';
    this.#rest = Buffer.alloc(0);
    let why = 'the connection was closed';
    const socket = connect({ host: this.#host, port: this.#port, noDelay: true, keepAlive: true });
    this.#socket = socket;
    socket.setKeepAlive(true, KEEP_ALIVE);
    socket.on('connect', () => {
      socket.write(greeting());
      this.#cancel = this.#clock.after(PATIENCE, () => this.#refuse('it says nothing'));
    });
    socket.on('data', (chunk) => this.#read(Buffer.from(chunk)));
    socket.on('error', (error) => {
      why = error.message || ('code' in error ? String(error.code) : String(error));
    });
    socket.on('close', () => {
      this.#cancel();
      if (this.#isClosed) return;
      if (this.#stage === 'open' || !this.#wasLost) this.#listener.onLost(why);
      this.#wasLost = true;
      this.#cancel = this.#clock.after(RETRY, () => this.#connect());
    });
  }

  #refuse(what: string): void {
    this.#isClosed = true;
    this.#cancel();
    this.#socket?.destroy();
    this.#listener.onForeign(what);
  }

  #read(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    if (this.#stage === 'greeting') {
      const wrong = wrongGreeting(this.#rest);
      if (wrong !== undefined) this.#refuse(wrong);
      if (this.#isClosed) return;
      if (this.#rest.length < GREETING) return;
      this.#rest = this.#rest.subarray(GREETING);
      this.#stage = 'ready';
      this.#socket?.write(ready(this.#identity));
    }
    for (let frame = frameIn(this.#rest); frame; frame = frameIn(this.#rest)) {
      if (frame.length > LONGEST_FRAME) this.#refuse(`it sends a message of ${frame.length} bytes`);
      if (this.#isClosed || this.#rest.length < frame.from + frame.length) return;
      const body = this.#rest.subarray(frame.from, frame.from + frame.length);
      this.#rest = this.#rest.subarray(frame.from + frame.length);
      this.#take(frame.flags, body);
      if (this.#isClosed) return;
    }
  }

  #take(flags: number, body: Buffer): void {
    if (this.#stage === 'open') {
      if ((flags & COMMAND) === 0) this.#listener.onMessage(Buffer.from(body));
      return;
    }
    if ((flags & COMMAND) === 0 || body.subarray(0, 6).toString('latin1') !== '\x05READY') {
      this.#refuse('it refuses a connection without security');
      return;
    }
    this.#cancel();
    this.#stage = 'open';
    this.#wasLost = true;
    this.#listener.onOpen();
  }
}

/** Complaint about a greeting's first bytes. Undefined where they may be ZMTP 3. */
function wrongGreeting(bytes: Buffer): string | undefined {
  const shown = () => JSON.stringify(bytes.subarray(0, 20).toString('latin1'));
  if (bytes[0] !== 0xff || (bytes.length > 9 && bytes[9] !== 0x7f)) return `it does not speak ZeroMQ, but ${shown()}`;
  if (bytes.length > 10 && (bytes[10] ?? 0) < 3) return `it speaks version ${bytes[10]} of ZeroMQ's protocol`;
  const mechanism = bytes.subarray(12, 32).toString('latin1').replace(/\0+$/, '');
  return bytes.length >= 32 && mechanism !== 'NULL' ? `it asks for the security ${mechanism}` : undefined;
}

interface FrameHead {
  readonly flags: number;
  readonly from: number;
  readonly length: number;
}

/** Head of the first frame; undefined while it is not whole. */
function frameIn(bytes: Buffer): FrameHead | undefined {
  const flags = bytes[0] ?? 0;
  if ((flags & LONG) === 0) return bytes.length < 2 ? undefined : { flags, from: 2, length: bytes[1] ?? 0 };
  return bytes.length < 9 ? undefined : { flags, from: 9, length: Number(bytes.readBigUInt64BE(1)) };
}

function head(flags: number, length: number): Buffer {
  if (length < 256) return Buffer.from([flags, length]);
  const long = Buffer.alloc(9, flags | LONG);
  long.writeBigUInt64BE(BigInt(length), 1);
  return long;
}

function greeting(): Buffer {
  const bytes = Buffer.alloc(GREETING);
  bytes[0] = 0xff;
  bytes[9] = 0x7f;
  bytes[10] = 3;
  bytes.write('NULL', 12, 'latin1');
  return bytes;
}

function ready(identity: string): Buffer {
  const body = Buffer.concat([
    Buffer.from('\x05READY', 'latin1'),
    property('Socket-Type', 'DEALER'),
    property('Identity', identity),
  ]);
  return Buffer.concat([head(COMMAND, body.length), body]);
}

function property(name: string, value: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(value));
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name, 'latin1'), length, Buffer.from(value)]);
}
