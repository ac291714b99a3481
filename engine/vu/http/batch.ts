import type { BatchRequest, Params, RequestBody, Url } from '../../api/http-params.js';
import type { Response } from '../../api/http-response.js';
import { readAddress } from '../../client/http/address.js';
import { checkFields } from '../../schema.js';
import { type HttpUser, requestFor } from './http-request.js';

/** Normalized request of a batch. */
interface Job {
  readonly key: string;
  readonly method: string;
  readonly url: Url;
  readonly body: RequestBody | undefined;
  readonly params: Params | undefined;
  /** Origin of the server. */
  readonly host: string;
}

type Responses = Record<string, Response>;

/** Sends the requests of a batch, with limited concurrency. Rejects with the first error, after all have ended. */
export async function batchOf(
  user: HttpUser,
  requests: readonly BatchRequest[] | Readonly<Record<string, BatchRequest>>,
): Promise<Response[] | Responses> {
  if (typeof requests !== 'object' || requests === null) {
    throw new TypeError('http.batch: expected a list or an object of requests');
  }
  const { http, target } = user.vu.thread;
  const jobs = Object.entries(requests).map(([key, request]) => jobOf(key, request, target?.origin));
  const responses: Responses = {};
  await withLimits(jobs, http.batch, http.batchPerHost, async ({ key, method, url, body, params }) => {
    responses[key] = (await requestFor(user, 'http.batch', method, url, body, params)) as Response;
  });
  return Array.isArray(requests) ? jobs.map(({ key }) => responses[key] as Response) : inOrder(jobs, responses);
}

/** Orders an object's responses as its requests. */
function inOrder(jobs: readonly Job[], responses: Responses): Responses {
  return Object.fromEntries(jobs.map(({ key }) => [key, responses[key] as Response]));
}

function jobOf(key: string, request: BatchRequest, origin: string | undefined): Job {
  const [method, url, body, params] = argumentsOf(request);
  const text = typeof url === 'string' ? url : url?.url;
  if (typeof text !== 'string') {
    throw new TypeError(
      `http.batch: request ${key}: expected a URL, [method, url, body, params] or an object with a url`,
    );
  }
  return { key, method: method ?? 'GET', url, body, params, host: readAddress(text, origin)?.origin ?? '' };
}

type Arguments = readonly [
  method: string | undefined,
  url: Url,
  body?: RequestBody | undefined,
  params?: Params | undefined,
];

function argumentsOf(request: BatchRequest): Arguments {
  if (typeof request === 'string') return ['GET', request];
  if (isList(request)) return request;
  checkFields('a request of http.batch', request, ['method', 'url', 'body', 'params', 'name']);
  const { method, url, body, params } = request as Exclude<BatchRequest, string | readonly unknown[]> & {
    readonly method?: string;
    readonly body?: RequestBody;
    readonly params?: Params;
  };
  // http.url returns a URL with a name.
  return 'name' in request ? ['GET', request] : [method, url, body, params];
}

function isList(request: BatchRequest): request is Extract<BatchRequest, readonly unknown[]> {
  return Array.isArray(request);
}

/** Runs all jobs, at most `most` at once and `perHost` per host. */
async function withLimits(
  jobs: readonly Job[],
  most: number,
  perHost: number,
  run: (job: Job) => Promise<void>,
): Promise<void> {
  const waiting = [...jobs];
  const running = new Map<string, number>();
  const failures: unknown[] = [];
  const next = (): Job | undefined => {
    const index = waiting.findIndex(({ host }) => (running.get(host) ?? 0) < perHost);
    return index < 0 ? undefined : waiting.splice(index, 1)[0];
  };
  const count = (host: string, change: number) => running.set(host, (running.get(host) ?? 0) + change);
  const work = async (): Promise<void> => {
    for (let job = next(); job; job = next()) {
      count(job.host, 1);
      try {
        await run(job);
      } catch (error) {
        failures.push(error);
      }
      count(job.host, -1);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, jobs.length) }, work));
  if (failures.length > 0) throw failures[0];
}
