import type { HttpProxy } from './proxy.js';

/** Error code of a connection attempt that timed out. */
export const TOO_LATE = 'CONNECT_TIMEOUT';

/** Code of a connection whose TLS handshake did not end in time. */
export const NO_HANDSHAKE = 'HANDSHAKE_TIMEOUT';

/** Failure to connect through the proxy. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';

  /** `what` continues the message after the proxy's address. */
  constructor(what: string, { shown }: HttpProxy) {
    super(`the proxy ${shown} ${what}`);
  }
}

const TRUST = 'give its authority with tls.ca or --ca, or accept any certificate with --insecure-skip-tls-verify';
const OWN = 'give a client certificate that the server accepts with tls.cert and tls.key, or --cert and --key';

/** Meanings of TLS error codes, and hints. */
const TLS: Readonly<Record<string, readonly [meaning: string, hint: string]>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: ["the server's certificate is self-signed", TRUST],
  SELF_SIGNED_CERT_IN_CHAIN: ["the server's certificate is from an untrusted authority (self-signed)", TRUST],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ["the server's certificate is from an unknown authority", TRUST],
  UNABLE_TO_GET_ISSUER_CERT: ["the server's certificate is from an unknown authority", TRUST],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ["the server's certificate is from an unknown authority", TRUST],
  CERT_HAS_EXPIRED: [
    "the server's certificate has expired",
    'renew it, or accept any certificate with --insecure-skip-tls-verify',
  ],
  CERT_NOT_YET_VALID: ["the server's certificate is not valid yet", 'check the clocks of this machine and the server'],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    "the server's certificate is for another host",
    'give the name on it with tls.serverName, or accept any certificate with --insecure-skip-tls-verify',
  ],
  ERR_SSL_WRONG_VERSION_NUMBER: ['the server does not speak TLS', 'try http:// instead of https://'],
  ERR_SSL_PACKET_LENGTH_TOO_LONG: ['the server does not speak TLS', 'try http:// instead of https://'],
  ERR_SSL_HTTP_REQUEST: ['the server does not speak TLS', 'try http:// instead of https://'],
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: ['the server requires a client certificate', OWN],
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: [
    'the server aborted the TLS handshake; it may require a client certificate',
    OWN,
  ],
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: ["the server does not trust our certificate's authority", OWN],
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: ['the server does not accept our certificate', OWN],
};

const UNKNOWN_NAME = 'check the name of the server';
const FAR_AWAY = 'check the address, and any firewall';
const CLOSED: readonly [meaning: string, hint: string] = [
  'the server closed the connection without an answer',
  'check that the port belongs to an LLM server, and whether it needs https://',
];

const CLOSED_TLS: typeof CLOSED = [CLOSED[0], 'check that the port belongs to an LLM server, and try http://'];

/** Meanings of other codes, and hints. Without a meaning the error's own message is shown. */
const OTHER: Readonly<Record<string, readonly [meaning: string, hint: string]>> = {
  EMFILE: ['this process has no open file left', 'raise the limit with ulimit -n, or use fewer users'],
  ENFILE: ['this machine has no open file left', 'raise fs.file-max, or use fewer users'],
  ECONNREFUSED: ['', 'check that the server is running, and its port'],
  ENOTFOUND: ['', UNKNOWN_NAME],
  EAI_AGAIN: ['', UNKNOWN_NAME],
  EHOSTUNREACH: ['', FAR_AWAY],
  ENETUNREACH: ['', FAR_AWAY],
  [TOO_LATE]: ['', FAR_AWAY],
  [NO_HANDSHAKE]: ['', 'if the server speaks plain HTTP, write http://; it may also be too busy to answer'],
  UND_ERR_HEADERS_TIMEOUT: ['it accepts connections, but does not answer', 'it may still be loading its model'],
  UND_ERR_SOCKET: CLOSED,
  ECONNRESET: CLOSED,
  EPIPE: CLOSED,
};

/** Explains a failed connection to `url`, with a hint. */
export function explainNoConnection(error: Error, url = ''): { readonly why: string; readonly hint: string } {
  if (error instanceof ProxyError) {
    const hint = 'check HTTP_PROXY, HTTPS_PROXY and ALL_PROXY; NO_PROXY lists servers reached directly';
    return { why: error.message, hint };
  }
  if (error.name === 'HTTPParserError' || error.name === 'NotHttp') {
    return { why: `not HTTP: ${error.message}`, hint: 'check that the port belongs to an LLM server' };
  }
  // A name with several addresses fails with an error for each.
  const all: readonly Error[] = error instanceof AggregateError ? error.errors : [error];
  // OpenSSL renamed its alerts; Node 22 has the later names.
  const code = (codeOf(error) || codeOf(all[0] ?? error)).replace('SSL/TLS_ALERT', 'SSLV3_ALERT');
  const isTls = url.startsWith('https:');
  const [meaning = '', hint = 'check that it is running, and its address'] =
    TLS[code] ?? (isTls && OTHER[code] === CLOSED ? CLOSED_TLS : OTHER[code]) ?? [];
  const said = all.map((each) => saidBy(each.message) || codeOf(each) || 'no connection').join('; ');
  const detail = TLS[code] ? said : code;
  return { why: meaning ? meaning + (meaning.includes(detail) ? '' : ` (${detail})`) : said, hint };
}

/** Extracts the reason from a message of OpenSSL. Others are unchanged. */
function saidBy(message: string): string {
  return /^\w+:error:\w+:[^:]*:[^:]*:([^:\n]+)/.exec(message)?.[1] ?? message;
}

/** Code of an error; empty without one. */
export function codeOf(error: Error): string {
  return (error as { code?: string }).code ?? '';
}

/** Error of a socket that the server closed, with undici's code. */
export function socketClosed(): Error {
  return Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' });
}

/** Error of a read timeout, with undici's codes. `hasAnswered` is true once the response has begun. */
export function silent(hasAnswered = true): Error {
  const code = hasAnswered ? 'UND_ERR_BODY_TIMEOUT' : 'UND_ERR_HEADERS_TIMEOUT';
  return Object.assign(new Error(hasAnswered ? 'the answer stalled' : 'no answer in time'), { code });
}
