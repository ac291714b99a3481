/** Where a request goes, read from its URL. */
export interface Address {
  /** The whole URL, without user and password. */
  readonly href: string;
  /** Scheme, host and port. */
  readonly origin: string;
  /** Path and query: what stands in the request line. */
  readonly path: string;
  /** The URL without query and hash: how requests are told apart where the script names none. */
  readonly name: string;
  /** Basic authorisation, from user and password in the URL. */
  readonly authorization: string | undefined;
  /** The script gave a path alone, so it is meant for the server under test. */
  readonly isOwn: boolean;
}

/** So many different URLs are remembered, so that the same one is parsed once. */
const MOST_KNOWN = 1000;
const known = new Map<string, Address>();

/**
 * Reads a URL: an absolute one of http or https, or a path that begins with a slash, which is taken from `origin`.
 * Undefined when it is neither.
 */
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

/** Where a response at `from` sends the client to; undefined when that is no URL that can be asked. */
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
  // The origin may be no URL: a server on a Unix socket has none.
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
    // A bare % stands for itself.
    return part;
  }
}
