/** Destination of a request, parsed from its URL. */
export interface Address {
  /** Whole URL, without user and password. */
  readonly href: string;
  /** Scheme, host and port. */
  readonly origin: string;
  /** Path and query, as in the request line. */
  readonly path: string;
  /** URL without query and hash. It names requests without a name of their own. */
  readonly name: string;
  /** Basic authorization from the URL's user and password. */
  readonly authorization: string | undefined;
  /** True for a path alone, which addresses the server under test. */
  readonly isOwn: boolean;
}

/** Most URLs in the cache, which saves parsing them again. */
const MOST_KNOWN = 1000;
const known = new Map<string, Address>();

/** Parses an absolute http(s) URL, or a path relative to `origin`. Undefined for anything else. */
export function readAddress(text: string, origin: string | undefined): Address | undefined {
  const isPath = text.startsWith('/') && !text.startsWith('//');
  const key = isPath ? `${origin} ${text}` : text;
  const found = known.get(key);
  if (found) return found;
  const address = isPath ? ownAddress(text, origin) : absoluteAddress(text);
  if (!address) return undefined;
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, address);
  return address;
}

/** Resolves the `location` of a redirect. Undefined where it is no http(s) URL. */
export function redirected(from: Address, location: string): Address | undefined {
  if (location.startsWith('/') && !location.startsWith('//')) {
    const address = readAddress(location, from.origin);
    return address && { ...address, authorization: from.authorization, isOwn: from.isOwn };
  }
  const address = URL.canParse(location, from.href) && absoluteAddress(new URL(location, from.href).href);
  return address ? { ...address, isOwn: from.isOwn && address.origin === from.origin } : undefined;
}

function ownAddress(text: string, origin: string | undefined): Address | undefined {
  if (origin === undefined || !URL.canParse(text, 'http://host')) return undefined;
  // The origin of a server on a Unix socket is not a URL.
  const { pathname, search } = new URL(text, 'http://host');
  const path = pathname + search;
  return { href: origin + path, origin, path, name: origin + pathname, authorization: undefined, isOwn: true };
}

function absoluteAddress(text: string): Address | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const { protocol, origin, pathname, search, username, password } = url;
  if (protocol !== 'http:' && protocol !== 'https:') return undefined;
  const path = pathname + search;
  const named = username !== '' || password !== '';
  const basic = `${decoded(username)}:${decoded(password)}`;
  return {
    href: origin + path,
    origin,
    path,
    name: origin + pathname,
    authorization: named ? `Basic ${Buffer.from(basic).toString('base64')}` : undefined,
    isOwn: false,
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A bare % is literal.
    return part;
  }
}
