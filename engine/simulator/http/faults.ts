import type { ServerResponse } from 'node:http';
import { combineSeeds, randomSource } from '../../random.js';
import { ApiError } from './api-error.js';
import { sendJson } from './json-response.js';

/** Fault of a request, from a model name or a flag. */
export interface Fault {
  /** Key of FAULT_KINDS. */
  readonly name: string;
  /** Number behind the name, if any. Tokens before the fault, or an HTTP status. */
  readonly amount: number;
  /** Percentage of requests that have it. */
  readonly percent: number;
  /** Seconds in `Retry-After`. */
  readonly retryAfter: number;
}

/** Kind of fault. In place of an answer, in the middle of one, or in its content. */
export interface FaultKind {
  /** Description for the table in docs/simulator.md, which a test compares. */
  readonly does: string;
  readonly instead?: (response: ServerResponse, fault: Fault) => void;
  /** Happens after the fault's number of tokens. Answers that are no longer stay whole. */
  readonly after?: (response: ServerResponse) => void;
  readonly tokens?: number;
  readonly contentType?: string;
}

/** A blank line, which streams of events and of JSON lines ignore. */
const DRIP = '\n';
const DRIP_MS = 100;
const MALFORMED = 'data: {"unfinished\n\n';
const ERROR = { type: 'error', error: { message: 'The engine ran out of memory.', type: 'server_error', code: 500 } };
const BLOCK = 'x'.repeat(2 ** 16);
const PAGE = '<!doctype html><html><title>Sign in</title><p>Please sign in.</html>';
const LENGTH = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 10000\r\n\r\n\n';
/** Delay of a reset in milliseconds. A reset overtakes data sent before it. */
const RESET_MS = 20;

/** All kinds of faults. Those that act on bytes do so in any protocol. */
export const FAULT_KINDS: Readonly<Record<string, FaultKind>> = {
  status: {
    does: 'answers with this HTTP status, 400 to 599; 429 and 503 with `Retry-After: 1`, or what `retry<s>` says',
    instead: (response, { amount, retryAfter }) => {
      if (amount === 429 || amount === 503) response.setHeader('retry-after', retryAfter);
      sendJson(response, amount, JSON.stringify(new ApiError(amount, `Simulated failure ${amount}.`)));
    },
  },
  html: {
    does: 'answers with a web page, like the login page of a proxy',
    instead: (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE),
  },
  mute: { does: 'reads the request and never answers', instead: () => undefined },
  hangup: { does: 'closes the connection without an answer', instead: ({ socket }) => void socket?.end() },
  garbage: {
    does: 'answers with something that is not HTTP',
    instead: ({ socket }) => void socket?.end('SSH-2.0-OpenSSH_9.6\r\n'),
  },
  length: {
    does: 'announces 10,000 bytes in `Content-Length`, and closes the connection after the first',
    instead: ({ socket }) => void socket?.end(LENGTH),
  },
  wrongtype: { does: 'streams the answer as `application/json`', contentType: 'application/json' },
  empty: { does: 'streams an answer that has no token', tokens: 0 },
  cut: { does: 'ends the body after n tokens', after: (response) => void response.end() },
  reset: {
    does: 'resets the connection after n tokens',
    after: ({ socket }) => void setTimeout(() => socket?.resetAndDestroy(), RESET_MS),
  },
  silent: { does: 'stalls after n tokens', after: () => undefined },
  drip: {
    does: 'sends a blank line every 100 ms after n tokens, without end',
    after: (response) => {
      const timer = setInterval(() => response.write(DRIP), DRIP_MS);
      response.once('close', () => clearInterval(timer));
    },
  },
  malformed: {
    does: 'sends an event that is not JSON after n tokens',
    after: (response) => void response.end(MALFORMED),
  },
  error: {
    does: 'sends an `error` event after n tokens',
    after: (response) => void response.end(`event: error\ndata: ${JSON.stringify(ERROR)}\n\n`),
  },
  endless: {
    does: 'sends an event without end after n tokens',
    after: (response) => {
      const more = () => {
        while (!response.destroyed && response.write(BLOCK));
      };
      response.on('drain', more);
      response.write('data: ');
      more();
    },
  },
};

/** Parses faults such as `cut10-p10` or `429:p5:retry2`. `unknown` are the parts that are none. */
export function readFaults(text: string): { readonly faults: readonly Fault[]; readonly unknown: readonly string[] } {
  const faults: Fault[] = [];
  const unknown: string[] = [];
  for (const part of text.split(/[-:]/)) {
    const [, word = '', digits] = /^([a-z]*)(\d+(?:\.\d+)?)?$/.exec(part) ?? [];
    const last = faults.at(-1);
    if (last && digits && word === 'p') faults[faults.length - 1] = { ...last, percent: Number(digits) };
    else if (last && digits && word === 'retry') faults[faults.length - 1] = { ...last, retryAfter: Number(digits) };
    else if (word === '' && /^[45]\d\d$/.test(part)) faults.push(fault('status', Number(part)));
    else if (word !== 'status' && Object.hasOwn(FAULT_KINDS, word)) faults.push(fault(word, Number(digits ?? 1)));
    else unknown.push(part);
  }
  return { faults, unknown };
}

function fault(name: string, amount: number): Fault {
  return { name, amount, percent: 100, retryAfter: 1 };
}

/** Picks the fault of each request. The first of its candidates that the random draw hits. */
export function faultDraw(seed: number): (faults: readonly Fault[]) => Fault | undefined {
  const random = randomSource(combineSeeds(`${seed} faults`));
  return (faults) => faults.find(({ percent }) => percent >= 100 || random() * 100 < percent);
}
