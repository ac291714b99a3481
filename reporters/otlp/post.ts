import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { lazily } from '../../engine/lazy-require.js';
import { VERSION } from '../../engine/version.js';
import type { OtlpSettings } from './settings.js';

const undici = lazily<typeof import('undici')>('undici');

const compress = promisify(gzip);

/** Length of an answer that is kept, in characters. */
const LONGEST_ANSWER = 4096;

/** Answer of a collector. */
export interface Answer {
  readonly status: number;
  /** Beginning of the body. */
  readonly text: string;
  /** Milliseconds that it asks to wait. */
  readonly retryAfter: number | undefined;
}

/** Connection to a collector, kept open between pushes. */
export interface Collector {
  /** Sends JSON. Rejects where there is no answer in time. */
  post(body: string): Promise<Answer>;
  close(): void;
}

/** Opens a connection to a collector with the first push. `leaving` ends a push. */
export function openCollector(
  { url, headers, timeout, gzip: isPacked, ca }: OtlpSettings,
  leaving: AbortSignal,
): Collector {
  const { Agent } = undici();
  const agent = new Agent({ connections: 1, connect: { ca } });
  return {
    async post(body) {
      const content = isPacked ? await compress(body, { level: constants.Z_BEST_SPEED }) : body;
      // AbortSignal.any would do, if Node 20 did not lose a timeout in it to the garbage collector.
      const ending = new AbortController();
      const leave = () => ending.abort(leaving.reason);
      const timer = setTimeout(() => ending.abort(new Error(`no answer within ${timeout / 1000} s`)), timeout);
      leaving.addEventListener('abort', leave, { once: true });
      if (leaving.aborted) leave();
      try {
        const answer = await agent.request({
          origin: url.origin,
          path: url.pathname + url.search,
          method: 'POST',
          body: content,
          signal: ending.signal,
          headers: {
            'user-agent': `tokenswarm/${VERSION}`,
            ...headers,
            'content-type': 'application/json',
            ...(isPacked && { 'content-encoding': 'gzip' }),
          },
        });
        const seconds = Number(answer.headers['retry-after']);
        return {
          status: answer.statusCode,
          text: await beginningOf(answer.body),
          retryAfter: seconds > 0 ? Math.min(60, seconds) * 1000 : undefined,
        };
      } finally {
        clearTimeout(timer);
        leaving.removeEventListener('abort', leave);
      }
    },
    close: () => void agent.destroy().catch(() => undefined),
  };
}

/** Reads a text to its end, and keeps its beginning. */
async function beginningOf(body: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const chunk of body) {
    if (text.length < LONGEST_ANSWER) text += chunk.toString().slice(0, LONGEST_ANSWER - text.length);
  }
  return text;
}
