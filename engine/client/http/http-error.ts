/** Why a request failed: k6's code, and one line for people. */
export interface HttpError {
  readonly code: number;
  readonly message: string;
}

/** k6's codes of what can go wrong, as far as the cause is known here. */
export const HttpErrorCode = {
  unknown: 1000,
  invalidUrl: 1020,
  timeout: 1050,
  lookup: 1100,
  noSuchHost: 1101,
  brokenPipe: 1201,
  dial: 1210,
  dialTimeout: 1211,
  dialRefused: 1212,
  dialOther: 1213,
  reset: 1220,
  tls: 1300,
  unknownAuthority: 1310,
  wrongHost: 1311,
  undecodable: 1701,
} as const;

/** What Node and our HTTP client call an error, and what k6 does. */
const KNOWN: Readonly<Record<string, HttpError>> = {
  ENOTFOUND: { code: HttpErrorCode.noSuchHost, message: 'lookup: no such host' },
  EAI_AGAIN: { code: HttpErrorCode.lookup, message: 'lookup: the name server does not answer' },
  ECONNREFUSED: { code: HttpErrorCode.dialRefused, message: 'dial: connection refused' },
  UND_ERR_CONNECT_TIMEOUT: { code: HttpErrorCode.dialTimeout, message: 'dial: timeout' },
  ETIMEDOUT: { code: HttpErrorCode.dialTimeout, message: 'dial: timeout' },
  ECONNRESET: { code: HttpErrorCode.reset, message: 'connection reset by peer' },
  EPIPE: { code: HttpErrorCode.brokenPipe, message: 'write: broken pipe' },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    code: HttpErrorCode.wrongHost,
    message: "x509: the certificate is not for this host's name",
  },
};

/** Names that OpenSSL gives certificates nobody known has signed. */
const UNTRUSTED = /SELF_SIGNED|UNABLE_TO_(?:GET_ISSUER|VERIFY_LEAF)|CERT_UNTRUSTED|CERT_SIGNATURE_FAILURE/;
const TLS = /^(?:ERR_SSL|ERR_TLS|CERT_|CRL_|EPROTO|INVALID_CA|HOSTNAME_MISMATCH)/;

/** What a request that took longer than it may has failed of. */
export const TIMEOUT: HttpError = { code: HttpErrorCode.timeout, message: 'request timeout' };

/** The code of an error that came from the HTTP client. */
export function httpErrorOf(error: Error): HttpError {
  const { code = '', syscall } = error as { code?: string; syscall?: string };
  const message = error.message || code;
  const known = KNOWN[code];
  if (known) return known;
  if (UNTRUSTED.test(code))
    return { code: HttpErrorCode.unknownAuthority, message: `x509: unknown authority: ${code}` };
  if (TLS.test(code)) return { code: HttpErrorCode.tls, message: `tls: ${message}` };
  if (syscall === 'getaddrinfo') return { code: HttpErrorCode.lookup, message: `lookup: ${message}` };
  if (syscall === 'connect') return { code: HttpErrorCode.dialOther, message: `dial: ${message}` };
  if (error instanceof AggregateError) return ofMany(error);
  return { code: HttpErrorCode.unknown, message };
}

/** A name with several addresses fails with an error for each. */
function ofMany({ errors }: AggregateError): HttpError {
  const [first] = errors;
  return first instanceof Error ? httpErrorOf(first) : { code: HttpErrorCode.dial, message: 'dial: no connection' };
}

/** A status of 400 or above is an error as well: 1404, 1500. Undefined for all others. */
export function statusErrorCode(status: number): number | undefined {
  return status >= 400 && status < 600 ? 1000 + status : undefined;
}
