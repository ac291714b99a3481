/** Why there is no connection, or no answer over it, and what to do about that. */
export interface NoConnection {
  readonly why: string;
  readonly hint: string;
}

const TRUST: Omit<NoConnection, 'why'> = {
  hint: 'is it the right server? Then let Node know who signed its certificate: NODE_EXTRA_CA_CERTS=ca.pem',
};
const NO_TLS: NoConnection = { why: 'the server does not speak TLS', hint: 'use http:// in place of https://' };
const CLOSED: NoConnection = {
  why: 'the server closed the connection without an answer',
  hint: 'does the port belong to an LLM server, and does it perhaps want https://?',
};
const UNKNOWN_NAME = { hint: 'is the name of the server right?' };
const FAR_AWAY = { hint: 'is the address right, and does a firewall let it through?' };

/** What is known of an error's code; where no `why` is given, the error's own message says it best. */
const BY_CODE: Readonly<Record<string, Partial<NoConnection> & { readonly hint: string }>> = {
  ECONNREFUSED: { hint: 'is the server running, and is the port right?' },
  ENOTFOUND: UNKNOWN_NAME,
  EAI_AGAIN: UNKNOWN_NAME,
  EHOSTUNREACH: FAR_AWAY,
  ENETUNREACH: FAR_AWAY,
  UND_ERR_CONNECT_TIMEOUT: { why: 'no connection within 10 s', ...FAR_AWAY },
  UND_ERR_HEADERS_TIMEOUT: {
    why: 'it accepts connections, but does not answer',
    hint: 'is it perhaps still loading its model?',
  },
  UND_ERR_SOCKET: CLOSED,
  ECONNRESET: CLOSED,
  EPIPE: CLOSED,
  EPROTO: NO_TLS,
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
  DEPTH_ZERO_SELF_SIGNED_CERT: TRUST,
  SELF_SIGNED_CERT_IN_CHAIN: TRUST,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: TRUST,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: TRUST,
  CERT_HAS_EXPIRED: { hint: 'the certificate has to be renewed' },
  ERR_TLS_CERT_ALTNAME_INVALID: { hint: 'use the name that the certificate was made out to' },
};

/** Explains an error that came before any response. */
export function explainNoConnection(error: Error): NoConnection {
  const { code = '' } = error as { code?: string };
  if (error.name === 'HTTPParserError') {
    return { why: `not HTTP: ${error.message}`, hint: 'does the port belong to an LLM server?' };
  }
  const { why, hint = 'is it running, and is the address right?' } = BY_CODE[code] ?? {};
  const said = error.message || code || 'no connection';
  return { why: why ? `${why} (${code})` : said, hint };
}
