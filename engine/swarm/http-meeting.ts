import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { text as bodyOf } from 'node:stream/consumers';
import { type Clock, systemClock, wallTime } from '../clock.js';
import { configError, messageOf } from '../errors.js';
import type { MeetingPoint } from './meeting-point.js';

/** Address of share 1, and the common key of its machines. */
interface Address {
  readonly host: string;
  readonly port: number;
  readonly key: string;
}

/** Longest text of a put, in bytes. The result of `setup` is the longest. */
const LONGEST_TEXT = 64 * 1024 * 1024;

/** Exchanges by which a clock is compared; the fastest counts. */
const READINGS = 8;

/** Time limit of an exchange, in milliseconds. */
const TIMEOUT = 5000;

/** Opens a meeting point at this machine's address. Throws a UserError where the port cannot be had. */
export async function openAddress({ host, port, key }: Address): Promise<MeetingPoint> {
  const texts = new Map<string, string>();
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing, texts, key));
  server.listen(port, isLoopback(host) ? host : undefined);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw configError('--start-together', `share 1 cannot listen on port ${port}: ${messageOf(error)}`);
  }
  return {
    put: async (name, text) => void texts.set(name, text),
    get: async (name) => texts.get(name),
    clockOffset: async () => 0,
    async close() {
      server.close();
      server.closeIdleConnections();
    },
  };
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  texts: Map<string, string>,
  key: string,
): Promise<void> {
  const name = incoming.url?.slice(1) ?? '';
  const now = { 'x-now': String(wallTime(systemClock)) };
  if (incoming.headers.authorization !== `Bearer ${key}`) {
    outgoing.writeHead(403, now).end();
  } else if (incoming.method === 'PUT') {
    if (Number(incoming.headers['content-length'] ?? Number.NaN) <= LONGEST_TEXT) {
      texts.set(name, await bodyOf(incoming).catch(() => ''));
      outgoing.writeHead(204, now).end();
    } else outgoing.writeHead(413, now).end();
  } else {
    const found = texts.get(name);
    outgoing.writeHead(found === undefined ? 404 : 200, now).end(found);
  }
}

/** Joins the meeting point at share 1's address. It may not be there yet: nothing is found until it is. */
export function joinAddress(address: Address, clock: Clock): MeetingPoint {
  return {
    async put(name, text) {
      await exchange(address, 'PUT', name, text);
    },
    async get(name) {
      const { status, body } = await exchange(address, 'GET', name);
      return status === 200 ? body : undefined;
    },
    async clockOffset() {
      let best = { took: Number.POSITIVE_INFINITY, offset: 0 };
      for (let i = 0; i < READINGS; i += 1) {
        const before = wallTime(clock);
        const { now } = await exchange(address, 'GET', 'clock');
        const after = wallTime(clock);
        if (after - before < best.took) best = { took: after - before, offset: (before + after) / 2 - now };
      }
      return best.offset;
    },
    close: async () => undefined,
  };
}

interface Answer {
  readonly status: number;
  readonly body: string;
  /** The other machine's time. */
  readonly now: number;
}

async function exchange({ host, port, key }: Address, method: string, name: string, text?: string): Promise<Answer> {
  const headers = {
    authorization: `Bearer ${key}`,
    ...(text !== undefined && { 'content-length': Buffer.byteLength(text) }),
  };
  const asked = request({ host, port, method, path: `/${name}`, headers, timeout: TIMEOUT });
  asked.on('timeout', () => asked.destroy(new Error(`no answer within ${TIMEOUT / 1000} s`)));
  asked.end(text);
  const [incoming] = (await once(asked, 'response')) as [IncomingMessage];
  const body = await bodyOf(incoming);
  if (incoming.statusCode === 403) {
    const hint = 'start all shares with the same file, options and version of tokenswarm';
    throw configError('--start-together', `${host}:${port} belongs to another run`, hint);
  }
  return { status: incoming.statusCode ?? 0, body, now: Number(incoming.headers['x-now']) };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
