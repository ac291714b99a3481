import { ExitCode, UserError } from '../errors.js';

/** The server under test, as one thread sees it. */
export interface Target {
  /** Scheme, host and port: `http://127.0.0.1:8000`. */
  readonly origin: string;
  /** What stands before every path: `/v1`. */
  readonly basePath: string;
  readonly model: string;
  /** Sent with every request; holds the key, so it is never printed. */
  readonly headers: Readonly<Record<string, string>>;
  /** Replaces secrets in any text that may be shown. */
  readonly redact: (text: string) => string;
  /** Whether to ask for token counts; a server that refuses is remembered. */
  askUsage: boolean;
}

/** What the user said about the server; plain data, so that it crosses to worker threads. */
export interface TargetAddress {
  readonly baseUrl: string;
  readonly model: string;
  readonly apiKey?: string | undefined;
  readonly askUsage?: boolean | undefined;
}

/**
 * Reads a base URL. A bare host gets `/v1`, where every OpenAI-compatible server listens; user and password in the
 * URL become an Authorization header. Throws a UserError when it is no http(s) URL.
 */
export function parseTarget(address: TargetAddress): Target {
  const url = parseUrl(address.baseUrl);
  const path = url.pathname.replace(/\/+$/, '');
  const password = decoded(url.password);
  const named = url.username !== '' || password !== '';
  const basic = named ? Buffer.from(`${decoded(url.username)}:${password}`).toString('base64') : '';
  const secrets = [address.apiKey ?? '', basic, password].filter((secret) => secret !== '');
  const authorization = address.apiKey ? `Bearer ${address.apiKey}` : named ? `Basic ${basic}` : undefined;
  return {
    origin: url.origin,
    basePath: path === '' ? '/v1' : path,
    model: address.model,
    headers: authorization ? { authorization } : {},
    redact: (text) => secrets.reduce((shown, secret) => shown.replaceAll(secret, '***'), text),
    askUsage: address.askUsage ?? true,
  };
}

/** The address that requests really go to, without user, password and query: fit for every report. */
export function publicUrl(baseUrl: string): string {
  const { origin, basePath } = parseTarget({ baseUrl, model: '' });
  return origin + basePath;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A bare % in a password stands for itself.
    return part;
  }
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  // All up to the last @ may be a password, whatever is wrong around it.
  const shown = text.replace(/^([a-z]+:\/\/)?.*@/is, '$1***@');
  throw new UserError(`expected an http(s) URL, got ${JSON.stringify(shown)}`, {
    where: 'base URL',
    hint: "give the server's address, such as --base-url http://127.0.0.1:8000/v1",
    exitCode: ExitCode.invalidConfig,
  });
}
