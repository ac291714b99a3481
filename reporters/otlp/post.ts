import { Agent, request as requestHttp } from 'node:http';
import { request as requestHttps, Agent as TlsAgent } from 'node:https';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { VERSION } from '../../engine/version.js';
import type { OtlpSettings } from './settings.js';

const compress = promisify(gzip);

/** Longest answer that is read, in bytes. */
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
  const isTls = url.protocol === 'https:';
  const agent = isTls ? new TlsAgent({ keepAlive: true, maxSockets: 1, ca }) : new Agent({ keepAlive: true });
  const send = isTls ? requestHttps : requestHttp;
  return {
    async post(body) {
      const content = isPacked ? await compress(body, { level: constants.Z_BEST_SPEED }) : Buffer.from(body);
      const options = {
        agent,
        method: 'POST',
        signal: AbortSignal.any([leaving, AbortSignal.timeout(timeout)]),
        headers: {
          'user-agent': `tokenswarm/${VERSION}`,
          ...headers,
          'content-type': 'application/json',
          'content-length': content.length,
          ...(isPacked && { 'content-encoding': 'gzip' }),
        },
      };
      return await new Promise<Answer>((resolve, reject) => {
        const fail = (error: Error) => reject(causeOf(error, timeout));
        const request = send(url, options, (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => {
            if (text.length < LONGEST_ANSWER) text += chunk.slice(0, LONGEST_ANSWER - text.length);
          });
          response.on('error', fail);
          response.on('end', () => {
            const seconds = Number(response.headers['retry-after']);
            resolve({
              status: response.statusCode ?? 0,
              text,
              retryAfter: seconds > 0 ? Math.min(60, seconds) * 1000 : undefined,
            });
          });
        });
        request.on('error', fail);
        request.end(content);
      });
    },
    close: () => agent.destroy(),
  };
}

/** Reason of a failed push. An aborted one has it as its cause. */
function causeOf(error: Error, timeout: number): Error {
  const { name } = error.cause instanceof Error ? error.cause : error;
  return name === 'TimeoutError' ? new Error(`no answer within ${timeout / 1000} s`) : error;
}
