import { configError } from '../errors.js';
import { isSecretName, Secrets } from './secrets.js';
import { ServerHabits } from './server-habits.js';

/** Server under test, as one thread sees it. */
export interface Target {
  /** Scheme, host and port, such as `http://127.0.0.1:8000`. Or `unix:` and a socket's path. */
  readonly origin: string;
  /** Prefix of every path, such as `/v1`. */
  readonly basePath: string;
  /** Query of the base URL, such as `?api-version=2024-10-21`. Empty without one. */
  readonly query: string;
  readonly model: string;
  /** Sent with every request. Contains the key, so never print it. */
  readonly headers: Readonly<Record<string, string>>;
  /** Value of the tag `target`; undefined for a single server. */
  readonly label: string | undefined;
  /** Secrets of the run, kept out of all output. */
  readonly secrets: Secrets;
  /** Request token counts; false once the server rejected `stream_options`. */
  askUsage: boolean;
  /** Habits of the server in counting and streaming tokens. */
  readonly habits: ServerHabits;
  /** Field of the length limit. Changes once the server rejected `max_tokens`. */
  limitField: LimitField;
}

/** Names of the length limit in OpenAI's chat. */
export type LimitField = 'max_tokens' | 'max_completion_tokens';

/** Server as configured; plain data, so that it crosses to worker threads. */
export interface TargetAddress {
  readonly baseUrl: string;
  readonly model: string;
  readonly apiKey?: string | undefined;
  readonly askUsage?: boolean | undefined;
  readonly limitField?: LimitField | undefined;
  readonly label?: string | undefined;
}

/**
 * Parses a base URL. A bare host gets `/v1`, as OpenAI-compatible servers have it; user and password in the URL become
 * an Authorization header. An endpoint such as `/v1/chat/completions` is taken for its base. A server on a Unix socket has the URL `unix:/path/to/socket`, or with a path
 * `unix:/path/to/socket:/v1`. Throws a UserError for anything else.
 */
export function parseTarget(address: TargetAddress, secrets = new Secrets()): Target {
  const url = parseUrl(address.baseUrl);
  const socket = UNIX_SOCKET.exec(address.baseUrl)?.groups;
  const path = (socket ? (socket.path ?? '') : url.pathname)
    .replace(/^\/+/, '/')
    .replace(/\/+$/, '')
    .replace(ENDPOINT, '');
  const password = decoded(url.password);
  const named = url.username !== '' || password !== '';
  const basic = named ? Buffer.from(`${decoded(url.username)}:${password}`).toString('base64') : '';
  secrets.add(address.apiKey ?? '', basic, password);
  for (const [name, value] of url.searchParams) if (isSecretName(name)) secrets.add(value);
  const authorization = address.apiKey ? `Bearer ${address.apiKey}` : named ? `Basic ${basic}` : undefined;
  return {
    origin: socket ? `unix:${socket.file}` : url.origin,
    basePath: path === '' ? '/v1' : path,
    query: socket ? '' : url.search,
    model: address.model,
    headers: authorization ? { authorization } : {},
    label: address.label,
    secrets,
    askUsage: address.askUsage ?? true,
    habits: new ServerHabits(),
    limitField: address.limitField ?? 'max_tokens',
  };
}

/** Endpoints that examples have in the place of a base URL. */
const ENDPOINT =
  /\/(?:(?:chat\/)?completions|embeddings|responses|messages)$|\/api\/chat$|(?<=\/v1)\/models$|\/generate(?:_stream)?$|\/v1beta\/models\/[^/]+:\w+$/;

/** Unix socket with the API's path behind a colon, nginx's syntax. */
const UNIX_SOCKET = /^unix:(?:\/\/)?(?<file>\/[^:?#]*[^:?#/])(?::(?<path>\/[^?#]*))?$/;

/** Effective base URL without user, password and query, fit for reports. */
export function publicUrl(baseUrl: string): string {
  const { origin, basePath } = parseTarget({ baseUrl, model: '' });
  return origin.startsWith('unix:') ? `${origin}:${basePath}` : origin + basePath;
}

/** Parses several servers; each knows the secrets of all. */
export function parseTargets(addresses: readonly TargetAddress[], secrets = new Secrets()): readonly Target[] {
  return addresses.map((address) => parseTarget(address, secrets));
}

/** Returns targets round-robin. Workers that start at their own index share the turns evenly. */
export function inTurn(targets: readonly Target[], start: number): () => Target | undefined {
  let turn = start;
  return () => {
    const target = targets[turn % targets.length];
    turn += 1;
    return target;
  };
}

/** Decodes a percent-encoded part of a URL. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A bare % in a password stands for itself.
    return part;
  }
}

/** Host without a scheme, with port and path where there are any. */
const BARE = /^(?:[\w.-]+|\[[\da-f:]+\])(?::\d+)?(?:\/[^\s@]*)?$/i;

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:' || UNIX_SOCKET.test(text))) return url;
  // All up to the last @ may be a password, whatever is wrong around it.
  const shown = text.replace(/^([a-z]+:\/\/)?.*@/is, '$1***@');
  throw configError(
    'base URL',
    `expected an http(s) URL or unix:/path, got ${JSON.stringify(shown)}`,
    BARE.test(text)
      ? `the scheme is missing: write http://${text}`
      : "give the server's address, such as --base-url http://127.0.0.1:8000/v1",
  );
}
