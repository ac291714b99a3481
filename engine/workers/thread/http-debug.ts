import type { HttpExchange } from '../../client/http/http-exchange.js';
import { printBeside } from './script-console.js';

/** Printer of plain HTTP exchanges on stderr, without secrets. `full` adds the bodies. Undefined: none. */
export function httpDebugger(
  form: 'headers' | 'full' | undefined,
  redact: (text: string) => string,
): ((exchange: HttpExchange) => void) | undefined {
  return form && ((exchange) => printBeside(redact(exchangeText(exchange, form === 'full'))));
}

/** Request and response as text: their first lines, headers, and bodies. */
function exchangeText(exchange: HttpExchange, hasBodies: boolean): string {
  const { method, address, headers, body, proto, status, statusText, responseHeaders, responseBody, error } = exchange;
  const pairs = headers.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${headers[index + 1] ?? ''}`] : []));
  const answer = Object.entries(responseHeaders).map(([name, value]) => `${name}: ${[value].flat().join(', ')}`);
  const sent = hasBodies && body !== undefined ? ['', body.toString()] : [];
  const received = hasBodies && responseBody ? ['', responseBody.toString()] : [];
  const first = error ? `${error.message} (code ${error.code})` : `${proto} ${status} ${statusText}`;
  const request = [`${method} ${address.href}`, ...pairs, ...sent].map((line) => `> ${line}`);
  const response = [first, ...answer, ...received].map((line) => `< ${line}`);
  return `${[...request, ...response].join('\n')}\n\n`;
}
