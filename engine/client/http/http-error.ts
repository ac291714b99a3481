import type { FailureKind } from '../exchange.js';
import { NotHttp } from '../transport/response-reader.js';

/** Request error: k6's code and one line of text. */
export interface HttpError {
  readonly code: number;
  readonly message: string;
  /** Kind of the failure, where the code does not tell it. */
  readonly kind?: FailureKind;
}

/** k6's error codes, as far as the cause is known here. */
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

/** k6's errors by the codes of Node and undici. */
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

/** OpenSSL's codes for certificates of an unknown authority. */
const UNTRUSTED = /SELF_SIGNED|UNABLE_TO_(?:GET_ISSUER|VERIFY_LEAF)|CERT_UNTRUSTED|CERT_SIGNATURE_FAILURE/;
const TLS = /^(?:ERR_SSL|ERR_TLS|CERT_|CRL_|EPROTO|INVALID_CA|HOSTNAME_MISMATCH)/;

/** Error of a request that exceeded its timeout. */
export const TIMEOUT: HttpError = { code: HttpErrorCode.timeout, message: 'request timeout', kind: 'timeout' };

/** Maps an error of the HTTP client to k6's code. */
export function httpErrorOf(error: Error): HttpError {
  const { code = '', syscall } = error as { code?: string; syscall?: string };
  const message = error.message || code;
  if (error instanceof NotHttp) {
    return { code: HttpErrorCode.unknown, message: `not HTTP: ${message}`, kind: 'malformed' };
  }
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

/** Maps the errors of all addresses of a name to one. */
function ofMany({ errors }: AggregateError): HttpError {
  const [first] = errors;
  return first instanceof Error ? httpErrorOf(first) : { code: HttpErrorCode.dial, message: 'dial: no connection' };
}

/** Kind of a failed request, in the terms of LLM requests. */
export function kindOfHttpFailure({
  error,
  status,
}: {
  readonly error: HttpError | undefined;
  readonly status: number;
}): FailureKind {
  if (!error) return 'http_status';
  return error.kind ?? (status > 0 ? 'stream_cut' : 'connect');
}

/** k6's code for an HTTP error status, such as 1404 or 1500. Undefined for other statuses. */
export function statusErrorCode(status: number): number | undefined {
  return status >= 400 && status < 600 ? 1000 + status : undefined;
}
