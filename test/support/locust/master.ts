import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { Packr } from 'msgpackr';

const packr = new Packr({ useRecords: false });

/** Message of a worker: its type and data. */
export interface WorkerMessage {
  readonly type: string;
  readonly data: unknown;
}

/** Locust master of a test, with the real protocol. */
export class TestMaster {
  readonly received: WorkerMessage[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #look: () => void = () => undefined;

  constructor() {
    this.#server = createServer((socket) => this.#serve(socket));
  }

  /** Listens, and returns its address. */
  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    return typeof address === 'object' ? `127.0.0.1:${address?.port}` : '';
  }

  /** Sends to all workers. */
  send(type: string, data: unknown = null): void {
    const body = packr.pack([type, data, 'master']);
    const head = Buffer.alloc(9, 2);
    head.writeBigUInt64BE(BigInt(body.length), 1);
    for (const socket of this.#sockets) socket.write(Buffer.concat([head, body]));
  }

  /** Orders users by class. */
  spawn(classes: Readonly<Record<string, number>>, host: string | null = null): void {
    this.send('spawn', {
      ...{ timestamp: Date.now() / 1000, user_classes_count: classes, host, stop_timeout: 0 },
      parsed_options: { tags: [], filler: 'x'.repeat(1200) },
    });
  }

  /** Drops all connections. */
  drop(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Resolves with the nth message of a type, from 1. */
  async got(type: string, n = 1): Promise<unknown> {
    for (;;) {
      const found = this.received.filter((message) => message.type === type)[n - 1];
      if (found) return found.data;
      await new Promise<void>((resolve) => {
        this.#look = resolve;
      });
    }
  }

  close(): void {
    this.drop();
    this.#server.close();
  }

  #serve(socket: Socket): void {
    let rest = Buffer.alloc(0);
    let isGreeted = false;
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
    // As libzmq 4.3 greets: version 3.1, in two pieces.
    const greeting = Buffer.alloc(64);
    greeting.set([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 1]);
    greeting.write('NULL', 12, 'latin1');
    socket.write(greeting.subarray(0, 11));
    socket.on('data', (chunk) => {
      rest = Buffer.concat([rest, Buffer.from(chunk)]);
      if (!isGreeted && rest.length >= 64) {
        isGreeted = true;
        rest = rest.subarray(64);
        const ready = Buffer.from('\x05READY\x0bSocket-Type\0\0\0\x06ROUTER\x08Identity\0\0\0\0', 'latin1');
        socket.write(Buffer.concat([greeting.subarray(11), Buffer.from([4, ready.length]), ready]));
      }
      while (isGreeted && rest.length >= 2) {
        const isLong = ((rest[0] ?? 0) & 2) !== 0;
        const from = isLong ? 9 : 2;
        if (rest.length < from) return;
        const length = isLong ? Number(rest.readBigUInt64BE(1)) : (rest[1] ?? 0);
        if (rest.length < from + length) return;
        this.#take(socket, ((rest[0] ?? 0) & 4) !== 0, rest.subarray(from, from + length));
        rest = rest.subarray(from + length);
      }
    });
  }

  #take(socket: Socket, isCommand: boolean, body: Buffer): void {
    if (isCommand) {
      this.#sockets.add(socket);
      return;
    }
    const [type, data] = packr.unpack(body) as [string, unknown];
    this.received.push({ type, data });
    if (type === 'client_ready') this.send('ack', { index: 0 });
    this.#look();
  }
}
