import type { HttpExchange } from '../../engine/client/http/http-exchange.js';
import { timingsOf } from '../../engine/client/http/timings.js';
import { type paint, safeText } from '../../reporters/core.js';

/** Styles of the output. */
export type Paint = ReturnType<typeof paint>;

/** Prints a line, without secrets. */
export type Print = (line?: string) => void;

/** Prints a plain HTTP request, its response and its timings. */
export function printHttpRequest(style: Paint, print: Print, exchange: HttpExchange): void {
  const { method, address, status, statusText, error, remoteIp, remotePort, bytesReceived } = exchange;
  print(`${style.bold('→')} ${method} ${safeText(address.href)} ${style.dim(`to ${remoteIp}:${remotePort}`)}`);
  if (error) print(`${style.red('✗')} ${safeText(error.message)} (code ${error.code})`);
  else print(`${style.bold('←')} ${status} ${safeText(statusText)} ${style.dim(`${bytesReceived} bytes`)}`);
  print();
  for (const [name, ms] of Object.entries<number>({ ...timingsOf(exchange) })) {
    print(`  ${name.padEnd(26)}${`${ms.toFixed(3)} ms`.padStart(14)}`);
  }
  print();
}
