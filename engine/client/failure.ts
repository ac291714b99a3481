import type { Exchange, Failure } from './exchange.js';
import { codeOf, explainNoConnection } from './transport/connect-error.js';
import { NotHttp } from './transport/response-reader.js';

const TIMEOUTS: Readonly<Record<string, string>> = {
  UND_ERR_HEADERS_TIMEOUT: 'no response in time',
  UND_ERR_BODY_TIMEOUT: 'the stream stalled',
};

/** Classifies the failure of an exchange by its connection's error. */
export function failureOf(error: Error, exchange: Exchange): Failure {
  const code = codeOf(error);
  const late = TIMEOUTS[code];
  if (late) return { kind: 'timeout', message: late };
  if (error instanceof NotHttp) return { kind: 'malformed', message: `not HTTP: ${error.message}` };
  if (exchange.headersAt !== undefined) {
    return { kind: 'stream_cut', message: `the connection broke: ${error.message}` };
  }
  return { kind: 'connect', message: explainNoConnection(error).why };
}
