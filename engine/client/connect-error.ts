import type { HttpProxy } from './proxy.js';

/** It is the proxy that stands in the way. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';

  /** `what` goes on after the proxy's address. */
  constructor(what: string, { shown }: HttpProxy) {
    super(`the proxy ${shown} ${what}`);
  }
}

const TRUST = 'name its authority with tls.ca or --ca, or believe any certificate with --insecure-skip-tls-verify';
const OWN = 'give a client certificate that the server knows with tls.cert and tls.key, or --cert and --key';

/** What the codes of TLS mean, and what to do about them. */
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

/** Why there is no connection, in one line that names the cause. */
export function whyUnconnected(error: Error): string {
  const known = TLS[codeOf(error)];
  if (known) return `${known[0]} (${error.message})`;
  // Where a name has several addresses, each was tried and each has its own reason.
  if (error instanceof AggregateError) return error.errors.map((each: Error) => each.message).join('; ');
  return error.message || codeOf(error);
}

/** What to do about it; undefined where that is anybody's guess. */
export function hintForUnconnected(error: Error): string | undefined {
  if (error instanceof ProxyError) {
    return 'look at HTTP_PROXY, HTTPS_PROXY and ALL_PROXY; NO_PROXY names servers that are reached directly';
  }
  return TLS[codeOf(error)]?.[1];
}

/** The code of an error; empty where it has none. */
export function codeOf(error: Error): string {
  return (error as { code?: string }).code ?? '';
}
