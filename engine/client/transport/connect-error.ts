import type { HttpProxy } from './proxy.js';

/** Error code of a connection attempt that timed out. */
export const TOO_LATE = 'CONNECT_TIMEOUT';

/** Failure to connect through the proxy. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';

  /** `what` continues the message after the proxy's address. */
  constructor(what: string, { shown }: HttpProxy) {
    super(`the proxy ${shown} ${what}`);
  }
}

const TRUST = 'name its authority with tls.ca or --ca, or believe any certificate with --insecure-skip-tls-verify';
const OWN = 'give a client certificate that the server knows with tls.cert and tls.key, or --cert and --key';

/** Meanings of TLS error codes, and hints. */
const TLS: Readonly<Record<string, readonly [meaning: string, hint: string]>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: ["the server's certificate is self-signed", TRUST],
  SELF_SIGNED_CERT_IN_CHAIN: ["the server's certificate is of an authority that is not trusted (self-signed)", TRUST],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ["the server's certificate is of an authority that is not known", TRUST],
  UNABLE_TO_GET_ISSUER_CERT: ["the server's certificate is of an authority that is not known", TRUST],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ["the server's certificate is of an authority that is not known", TRUST],
  CERT_HAS_EXPIRED: [
    "the server's certificate has expired",
    'renew it, or believe any certificate with --insecure-skip-tls-verify',
  ],
  CERT_NOT_YET_VALID: [
    "the server's certificate is not valid yet",
    "are this machine's and the server's clocks right?",
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    "the server's certificate is for another host",
    'give the name that it bears with tls.serverName, or believe any certificate with --insecure-skip-tls-verify',
  ],
  ERR_SSL_WRONG_VERSION_NUMBER: ['the server does not speak TLS', 'is it http:// instead of https://?'],
  ERR_SSL_PACKET_LENGTH_TOO_LONG: ['the server does not speak TLS', 'is it http:// instead of https://?'],
  ERR_SSL_HTTP_REQUEST: ['the server does not speak TLS', 'is it http:// instead of https://?'],
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: ['the server wants a client certificate', OWN],
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: [
    'the server breaks the TLS handshake off; it may want a client certificate',
    OWN,
  ],
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: ["the server does not know our certificate's authority", OWN],
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: ['the server does not accept our certificate', OWN],
};

const UNKNOWN_NAME = 'is the name of the server right?';
const FAR_AWAY = 'is the address right, and does a firewall let it through?';
const CLOSED: readonly [meaning: string, hint: string] = [
  'the server closed the connection without an answer',
  'does the port belong to an LLM server, and does it perhaps want https://?',
];

/** Meanings of other codes, and hints. Without a meaning the error's own message is shown. */
const OTHER: Readonly<Record<string, readonly [meaning: string, hint: string]>> = {
  ECONNREFUSED: ['', 'is the server running, and is the port right?'],
  ENOTFOUND: ['', UNKNOWN_NAME],
  EAI_AGAIN: ['', UNKNOWN_NAME],
  EHOSTUNREACH: ['', FAR_AWAY],
  ENETUNREACH: ['', FAR_AWAY],
  [TOO_LATE]: ['', FAR_AWAY],
  UND_ERR_HEADERS_TIMEOUT: ['it accepts connections, but does not answer', 'is it perhaps still loading its model?'],
  UND_ERR_SOCKET: CLOSED,
  ECONNRESET: CLOSED,
  EPIPE: CLOSED,
};

/** Explains a failed connection, or a missing response, with a hint. */
export function explainNoConnection(error: Error): { readonly why: string; readonly hint: string } {
  if (error instanceof ProxyError) {
    const hint = 'look at HTTP_PROXY, HTTPS_PROXY and ALL_PROXY; NO_PROXY names servers that are reached directly';
    return { why: error.message, hint };
  }
  if (error.name === 'HTTPParserError' || error.name === 'NotHttp') {
    return { why: `not HTTP: ${error.message}`, hint: 'does the port belong to an LLM server?' };
  }
  // A name with several addresses fails with an error for each.
  const all: readonly Error[] = error instanceof AggregateError ? error.errors : [error];
  // OpenSSL renamed its alerts; Node 22 has the later names.
  const code = (codeOf(error) || codeOf(all[0] ?? error)).replace('SSL/TLS_ALERT', 'SSLV3_ALERT');
  const [meaning = '', hint = 'is it running, and is the address right?'] = TLS[code] ?? OTHER[code] ?? [];
  const said = all.map((each) => each.message || codeOf(each) || 'no connection').join('; ');
  return { why: meaning ? `${meaning} (${TLS[code] ? said : code})` : said, hint };
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
  return Object.assign(new Error(hasAnswered ? 'the answer fell silent' : 'no answer in time'), { code });
}
