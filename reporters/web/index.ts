import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { configError } from '../../engine/errors.js';
import type { Reporter } from '../../engine/metrics/reporter.js';
import type { Summary } from '../../engine/metrics/snapshot.js';
import type { KeyAction } from '../dashboard/keys.js';
import { reportHtml } from '../document/html.js';
import { checkFree, readAddress } from '../prometheus/address.js';
import { runReport } from '../run/report.js';
import { Feed } from './feed.js';
import { refusalOf } from './guard.js';
import { asset, livePage, POLICY } from './live-page.js';

/** Longest time for viewers to fetch the report, in milliseconds. */
const FETCHING = 3000;

/** Longest command, in bytes. */
const LONGEST_COMMAND = 4096;

/** Surroundings of a live page. */
export interface WebOptions {
  /** `PORT`, `HOST:PORT`, or nothing for a free port of the loopback. */
  readonly place: string;
  readonly scenario: string;
  /** Shows a line to the user. */
  readonly tell: (text: string) => void;
  /** Carries out a command of a viewer. */
  readonly onAction: (action: KeyAction) => void;
}

/**
 * Serves a live page of a run. It is on the loopback, or at the address that was asked for. Its address has a token,
 * without which nothing of the run is shown or changed. Throws a UserError where the address is wrong or taken.
 */
export async function openWebPage({ place, scenario, tell, onAction }: WebOptions): Promise<Reporter> {
  const address = readAddress(place === '' ? '0' : place);
  if (!address) {
    throw configError('--web', `expected PORT or HOST:PORT, got ${JSON.stringify(place)}`, 'for example --web=8089');
  }
  const { host = '127.0.0.1', port } = address;
  await checkFree({ host, port }, '--web');
  const token = randomBytes(16).toString('hex');
  const feed = new Feed();
  let report: string | undefined;
  let isFetched: () => void = () => undefined;
  const pages: Readonly<Record<string, (response: ServerResponse, request: IncomingMessage) => void>> = {
    'GET /': (response) => answer(response, 200, 'text/html; charset=utf-8', livePage(scenario), POLICY),
    'GET /events': (response) => feed.join(response),
    'GET /report': (response) => {
      if (report === undefined) return answer(response, 404, 'text/plain', 'The run goes on\n');
      answer(response, 200, 'text/html; charset=utf-8', report);
      response.once('close', isFetched);
    },
    'POST /control': (response, request) => void control(request, response, onAction),
  };
  const server = createServer((request, response) => {
    // Taken apart by hand, since not every target is a URL.
    const [pathname = '/', query] = (request.url ?? '/').split('?', 2);
    const file = request.method === 'GET' ? asset(pathname) : undefined;
    const given = String(request.headers['x-token'] ?? new URLSearchParams(query).get('token') ?? '');
    // Style and script have nothing of the run in them.
    const refusal = refusalOf(request, { token, given: file ? token : given, host: address.host });
    const page = pages[`${request.method} ${pathname}`];
    if (refusal) answer(response, refusal.status, 'text/plain', `${refusal.text}\n`);
    else if (file) answer(response, 200, file.type, file.content);
    else if (page) page(response, request);
    else answer(response, 404, 'text/plain', 'There is no such page\n');
  });
  server.unref();
  server.on('connection', (socket) => socket.unref());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, resolve);
  });
  const shown = host.includes(':') ? `[${host}]` : host;
  tell(`live page: http://${shown}:${(server.address() as AddressInfo).port}/?token=${token}`);
  return {
    name: 'live page',
    onWait: (text, isPaused) => feed.wait(text, isPaused),
    onSnapshot: (snapshot) => feed.show(snapshot),
    async onEnd(summary: Summary) {
      report = reportHtml(runReport(summary));
      const viewers = feed.viewers;
      feed.end();
      await fetched(viewers, (done) => {
        isFetched = done;
      });
      feed.close();
      server.close();
      server.closeIdleConnections();
    },
  };
}

/** Waits until each viewer has fetched the report, for a while. */
async function fetched(viewers: number, onFetch: (call: () => void) => void): Promise<void> {
  if (viewers === 0) return;
  await new Promise<void>((resolve) => {
    let left = viewers;
    const timer = setTimeout(resolve, FETCHING);
    onFetch(() => {
      left -= 1;
      if (left > 0) return;
      clearTimeout(timer);
      resolve();
    });
  });
}

function answer(
  response: ServerResponse,
  status: number,
  type: string,
  content: string | Buffer,
  policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:",
): void {
  response.writeHead(status, {
    'content-type': type,
    'content-security-policy': policy,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  response.end(content);
}

/** Carries out a command that a viewer has sent as JSON. */
async function control(
  request: IncomingMessage,
  response: ServerResponse,
  onAction: (action: KeyAction) => void,
): Promise<void> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) if (text.length < LONGEST_COMMAND) text += chunk;
  const action = commandOf(text);
  if (action) onAction(action);
  answer(response, action ? 200 : 400, 'text/plain', action ? 'done\n' : 'There is no such command\n');
}

function commandOf(text: string): KeyAction | undefined {
  try {
    const { type, scenario, vus } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    if (type === 'pause' || type === 'resume' || type === 'stop') return { type };
    const isScale = type === 'scale' && typeof scenario === 'string' && typeof vus === 'number';
    return isScale && Number.isInteger(vus) && vus >= 0 && vus <= 1e6 ? { type: 'scale', scenario, vus } : undefined;
  } catch {
    return undefined;
  }
}
