import { parseTarget, type TargetAddress } from '../client/target.js';
import { Connection } from '../client/transport/connection.js';
import type { Transport } from '../client/transport/transport.js';
import type { Clock } from '../clock.js';
import { readServerPage, type ServerPage } from './server-page.js';
import { SERVERS } from './servers.js';

/** Timeout of a request, in milliseconds. */
const TIMEOUT = 2000;

/** Paths below a server's root. The second is TensorRT-LLM's, whose first is no page for Prometheus. */
const PATHS = ['/metrics', '/prometheus/metrics'];

/** Metrics page of a server. It has one path once that is found. */
export interface Page {
  readonly origin: string;
  readonly connection: Connection;
  readonly headers: Readonly<Record<string, string>>;
  paths: readonly string[];
}

/** Page as it was read. */
export interface ReadPage extends ServerPage {
  readonly bytes: number;
}

/** Metrics of no known server. */
export class UnknownServer extends Error {
  constructor() {
    super(`its metrics are of no server that tokenswarm knows: ${SERVERS.map(({ server }) => server).join(', ')}`);
  }
}

/** Metrics pages: those of each server, or the given one. */
export function pagesOf(
  targets: readonly TargetAddress[],
  asked: string,
  transport: Transport,
  clock: Clock,
): readonly Page[] {
  if (asked !== 'auto') {
    const { origin, pathname, search } = new URL(asked);
    const path = (pathname === '/' ? '/metrics' : pathname) + search;
    return [{ origin, connection: new Connection(origin, transport, clock), paths: [path], headers: {} }];
  }
  const byOrigin = new Map(targets.map((target) => [parseTarget(target).origin, parseTarget(target)]));
  return [...byOrigin.values()].map(({ origin, headers }) => ({
    origin,
    connection: new Connection(origin, transport, clock),
    paths: PATHS,
    headers: headers.authorization === undefined ? {} : { authorization: headers.authorization },
  }));
}

/** Reads a page, and keeps the path that had it. Rejects with UnknownServer where none has known names. */
export async function readPage(page: Page): Promise<ReadPage> {
  let failure: unknown;
  for (const path of page.paths) {
    try {
      const text = await get(page, path);
      const read = readServerPage(text);
      if (read) {
        page.paths = [path];
        return { ...read, bytes: Buffer.byteLength(text) };
      }
      if (isPrometheus(text)) failure = new UnknownServer();
      failure ??= new Error('it is no page of metrics');
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}

/** Version that a server reports; null without one. */
export async function findVersion(page: Page | undefined, read: ServerPage | undefined): Promise<string | null> {
  const [path = '', key = ''] = read?.known.version ?? [];
  try {
    const said = page && path !== '' ? (JSON.parse(await get(page, path)) as Readonly<Record<string, unknown>>) : {};
    return typeof said[key] === 'string' ? said[key] : null;
  } catch {
    return null;
  }
}

/** True for text that has a sample in Prometheus' format. */
function isPrometheus(text: string): boolean {
  return /^[a-zA-Z_:][\w:]*(?:\{.*\})? +[-+\d.]\S*(?: \d+)?\s*$/m.test(text);
}

async function get({ connection, headers }: Page, path: string): Promise<string> {
  const timeouts = { headersTimeout: TIMEOUT, bodyTimeout: TIMEOUT };
  const { status, text } = await connection.request({ method: 'GET', path, headers, ...timeouts });
  if (status !== 200) throw new Error(`HTTP ${status}`);
  return text;
}
