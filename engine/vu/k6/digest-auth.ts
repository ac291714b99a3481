import { createHash, randomBytes } from 'node:crypto';
import type { Params, RequestBody, ResponseType, Url } from '../../api/http-params.js';
import type { Response } from '../../api/http-response.js';
import { type HttpUser, requestFor } from '../http/http-request.js';

/** Fields of a digest challenge by name, RFC 7616. */
type Challenge = Readonly<Record<string, string>>;

/**
 * Sends a request with digest authentication by the URL's credentials. Once without, to be asked, and once with the
 * answer. As in k6 both are counted, and the first is expected to have status 401.
 */
export async function requestWithDigest(
  user: HttpUser,
  what: string,
  method: string,
  url: Url,
  body: RequestBody | undefined,
  params: Params | undefined,
): Promise<Response<ResponseType>> {
  const given = typeof url === 'string' ? { url, name: undefined } : url;
  const parsed = URL.canParse(given.url) ? new URL(given.url) : undefined;
  if (!parsed) return requestFor(user, what, method, url, body, params);
  const name = decodeURIComponent(parsed.username);
  const password = decodeURIComponent(parsed.password);
  parsed.username = '';
  parsed.password = '';
  const plain: Url = given.name === undefined ? parsed.href : { url: parsed.href, name: given.name };
  const expected = params?.responseCallback === undefined ? user.expected : params.responseCallback;
  const asking = { expects: (status: number) => status === 401 || expected?.expects(status) === true };
  const first = await requestFor(user, what, method, plain, body, {
    ...params,
    responseCallback: expected === null ? null : asking,
  });
  const challenge = first.status === 401 ? readChallenge(first.headers['Www-Authenticate'] ?? '') : undefined;
  if (!challenge) return first;
  const path = parsed.pathname + parsed.search;
  const authorization = answer(challenge, { name, password, method: method.toUpperCase(), path });
  return requestFor(user, what, method, plain, body, {
    ...params,
    headers: { ...params?.headers, Authorization: authorization },
  });
}

/** Reads `WWW-Authenticate`. Undefined for anything but a digest. */
export function readChallenge(header: string): Challenge | undefined {
  if (!/^\s*digest\s/i.test(header)) return undefined;
  const pairs = header.matchAll(/(\w+)\s*=\s*(?:"([^"]*)"|([^\s,]+))/g);
  return Object.fromEntries([...pairs].map(([, key = '', quoted, bare]) => [key.toLowerCase(), quoted ?? bare ?? '']));
}

/** `Authorization` header for a challenge, RFC 7616. `cnonce` is for tests. */
export function answer(
  challenge: Challenge,
  {
    name,
    password,
    method,
    path,
  }: { readonly name: string; readonly password: string; readonly method: string; readonly path: string },
  cnonce = randomBytes(8).toString('hex'),
): string {
  const { realm = '', nonce = '', qop = '', opaque, algorithm = 'MD5' } = challenge;
  const kind = algorithm.toLowerCase().startsWith('sha-256') ? 'sha256' : 'md5';
  const hash = (text: string) => createHash(kind).update(text).digest('hex');
  const own = hash(`${name}:${realm}:${password}`);
  const secret = algorithm.toLowerCase().endsWith('-sess') ? hash(`${own}:${nonce}:${cnonce}`) : own;
  const request = hash(`${method}:${path}`);
  const isQualified = qop.split(',').some((each) => each.trim() === 'auth');
  const response = hash(
    isQualified ? `${secret}:${nonce}:00000001:${cnonce}:auth:${request}` : `${secret}:${nonce}:${request}`,
  );
  const fields = [
    `username="${name}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri="${path}"`,
    `response="${response}"`,
  ];
  if (challenge.algorithm !== undefined) fields.push(`algorithm=${algorithm}`);
  if (opaque !== undefined) fields.push(`opaque="${opaque}"`);
  if (isQualified) fields.push('qop=auth', 'nc=00000001', `cnonce="${cnonce}"`);
  return `Digest ${fields.join(', ')}`;
}
