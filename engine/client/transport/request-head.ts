import type { Socket } from 'node:net';
import { headerList, type RequestBytes, type WireRequest } from './wire-request.js';

/**
 * Writes a request in one go. Its body is a string, bytes, or a list of them. Returns its size in bytes. Throws a TypeError for an invalid
 * method or header.
 */
export function writeRequest(socket: Socket, options: WireRequest, prefix: string, headers: string): number {
  const { method, path } = options;
  const start = startOf(method, prefix + path, headers);
  const { body } = options;
  const length = body ? lengthOf(body) : 0;
  const size = length > 0 || WITH_BODY.has(method) ? `content-length: ${length}\r\n\r\n` : '\r\n';
  if (!body) {
    socket.write(start.text + size, 'latin1');
  } else if (typeof body === 'string' && (start.isAscii || body.length === length)) {
    // Text of ASCII alone is the same in both, and written faster.
    socket.write(start.text + size + body, body.length === length ? 'latin1' : 'utf8');
  } else {
    socket.cork();
    socket.write(start.text + size, 'latin1');
    if (isList(body)) for (const part of body) socket.write(part);
    else socket.write(body);
    socket.uncork();
  }
  return start.text.length + size.length + length;
}

function lengthOf(body: RequestBytes): number {
  return isList(body) ? body.reduce((sum, { length }) => sum + length, 0) : Buffer.byteLength(body);
}

function isList(body: RequestBytes): body is readonly Uint8Array[] {
  return Array.isArray(body);
}

/** Request line and headers but for the length. */
interface RequestStart {
  readonly method: string;
  readonly path: string;
  readonly headers: string;
  readonly text: string;
  readonly isAscii: boolean;
}

/** Latest start of a request; most requests repeat it. */
let latest: RequestStart | undefined;

function startOf(method: string, path: string, headers: string): RequestStart {
  if (latest?.headers === headers && latest.path === path && latest.method === method) return latest;
  if (!NAME.test(method)) throw new TypeError(`${JSON.stringify(method)} is not an HTTP method`);
  const text = `${method} ${path} HTTP/1.1\r\n${headers}`;
  latest = { method, path, headers, text, isAscii: ASCII.test(text) };
  return latest;
}

const ASCII = /^[\0-\x7f]*$/;
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Methods with a `content-length` even without a body (RFC 9110, section 8.6). */
const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

/** Text of the headers, with the connection's own first. A request may override those. */
export function headerText(
  headers: WireRequest['headers'],
  ofConnection: Readonly<Record<string, string | undefined>>,
): string {
  const given = headerList(headers);
  let own = ofConnection;
  let head = '';
  for (let i = 0; i < given.length; i += 2) {
    const [name = '', value = ''] = [given[i], given[i + 1]];
    if (!NAME.test(name) || !VALUE.test(value)) {
      throw new TypeError(`the header ${JSON.stringify(name)} has a character that no header may have`);
    }
    const lower = name.toLowerCase();
    // The length is that of the body, not the script's; other framing is ours to choose.
    if (lower === 'content-length') continue;
    if (lower === 'transfer-encoding')
      throw new TypeError('a request has no transfer-encoding here: its body is sent whole');
    if (own[lower] !== undefined) own = { ...own, [lower]: undefined };
    head += `${name}: ${value}\r\n`;
  }
  let ours = '';
  for (const name in own) if (own[name] !== undefined) ours += `${name}: ${own[name]}\r\n`;
  return ours + head;
}
