import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import type { TlsSettings } from '../../engine/client/transport/tls.js';
import { identity, pem } from '../support/certificates.js';
import { GOOD } from '../support/misbehaving-server.js';
import type { FaultOf } from './fault.js';

/** Server that accepts connections, or a port that nothing listens on. */
export interface Opening {
  readonly scheme: 'http' | 'https';
  readonly accept: ((socket: Socket) => void) | TlsOptions | undefined;
  /** TLS settings of the client. */
  readonly tls?: Partial<TlsSettings>;
}

/** Fault at the opening of a connection. */
export type OpeningFault = Omit<FaultOf<never>, 'act'> & Opening;

const CA = { ca: pem('ca.pem') };
const ANY = { insecureSkipTLSVerify: true };
const certificate = (
  name: Parameters<typeof identity>[0],
  what: string,
  tls: Opening['tls'] = CA,
): readonly OpeningFault[] => [
  {
    name: `TLS: a certificate ${what}`,
    scheme: 'https',
    accept: identity(name),
    tls,
    kind: 'connect',
    says: new RegExp(`^the server's certificate ${what}(?: \\(.+\\))?$`),
  },
  {
    name: `TLS: any certificate accepted, one that ${what}`,
    scheme: 'https',
    accept: identity(name),
    tls: ANY,
    kind: 'success',
  },
];
const raw = (
  name: string,
  accept: (socket: Socket) => void,
  says: RegExp,
  kind: OpeningFault['kind'] = 'connect',
): OpeningFault => ({
  name,
  scheme: name.startsWith('TLS') ? 'https' : 'http',
  accept,
  kind,
  says,
  timeouts: { total: 300, idle: 300 },
});
const NO_TLS = /^the server does not speak TLS \(/;
const UNANSWERED = /^the server closed the connection without an answer \(/;

/** Faults of ports and TLS handshakes. */
export const OPENING_FAULTS: readonly OpeningFault[] = [
  {
    name: 'a port that nothing listens on',
    scheme: 'http',
    accept: undefined,
    kind: 'connect',
    says: /^connect ECONNREFUSED 127\.0\.0\.1:\d+$/,
  },
  raw('a port that closes at once', (socket) => void socket.end(), UNANSWERED),
  raw('a port that resets at once', (socket) => void socket.resetAndDestroy(), UNANSWERED),
  raw('a port that only reads', (socket) => void socket.resume(), /^no end after/, 'timeout'),
  raw('a port that does not even read', (socket) => void socket.pause(), /^no end after/, 'timeout'),
  {
    name: 'TLS: a port that nothing listens on',
    scheme: 'https',
    accept: undefined,
    kind: 'connect',
    says: /^connect ECONNREFUSED/,
  },
  { name: 'TLS: sound', scheme: 'https', accept: identity('server'), tls: CA, kind: 'success' },
  ...certificate('server', 'is from an unknown authority', {}),
  ...certificate('self-signed', 'is self-signed'),
  ...certificate('expired', 'has expired'),
  ...certificate('elsewhere', 'is for another host'),
  raw('TLS: a handshake without an answer', (socket) => void socket.resume(), /^no end after/, 'timeout'),
  raw('TLS: a handshake that is closed', (socket) => void socket.once('data', () => socket.end()), /./),
  raw(
    'TLS: a handshake that is reset',
    (socket) => void socket.once('data', () => socket.resetAndDestroy()),
    UNANSWERED,
  ),
  raw('TLS: plain HTTP in place of a handshake', (socket) => void socket.once('data', () => socket.end(GOOD)), NO_TLS),
  raw(
    'TLS: a handshake refused by an alert',
    (socket) => void socket.once('data', () => socket.end(Buffer.from('15030300020228', 'hex'))),
    /^the server aborted the TLS handshake/,
  ),
  {
    name: 'plain HTTP to a port that speaks TLS',
    scheme: 'http',
    accept: identity('server'),
    kind: 'connect',
    says: UNANSWERED,
  },
  {
    name: 'TLS: a client certificate is required',
    scheme: 'https',
    accept: { ...identity('server'), ...CA, requestCert: true, rejectUnauthorized: true },
    tls: CA,
    kind: 'connect',
    says: /^the server requires a client certificate \(/,
  },
];

/** Listens, and returns the base URL and a way to close. */
export async function listenOpening({ scheme, accept }: Opening): Promise<{ readonly url: string; close(): void }> {
  const sockets: Socket[] = [];
  const answer = (socket: Socket) => socket.on('error', () => undefined).on('data', () => socket.write(GOOD));
  const server =
    typeof accept === 'object'
      ? createTlsServer({ ...accept, noDelay: true } as TlsOptions, answer)
      : createServer(accept);
  server.on('connection', (socket: Socket) => sockets.push(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { readonly port: number };
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  if (!accept) close();
  return { url: `${scheme}://127.0.0.1:${port}`, close };
}
