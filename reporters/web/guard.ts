import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * Reason to refuse a request. Undefined where it may pass. A page of another origin could reach the server by a name
 * that it resolves to this machine, so the host must be an address, `localhost`, or the one that was asked for.
 */
export function refusalOf(
  { headers, method }: IncomingMessage,
  { token, given, host }: { readonly token: string; readonly given: string; readonly host: string | undefined },
): { readonly status: number; readonly text: string } | undefined {
  const name = hostOf(headers.host ?? '');
  if (isIP(name) === 0 && name !== 'localhost' && name !== host) {
    return { status: 421, text: 'This page is served at its address only' };
  }
  const { origin } = headers;
  if (method === 'POST' && origin !== undefined && origin !== `http://${headers.host}`) {
    return { status: 403, text: 'Another origin may not control a run' };
  }
  return isSame(token, given)
    ? undefined
    : { status: 403, text: 'The address lacks its token: use the one that was printed' };
}

/** Name or address of a host header, without its port. */
function hostOf(text: string): string {
  return URL.canParse(`http://${text}`) ? new URL(`http://${text}`).hostname.replace(/^\[|\]$/g, '') : '';
}

function isSame(token: string, given: string): boolean {
  const [a, b] = [Buffer.from(token), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
