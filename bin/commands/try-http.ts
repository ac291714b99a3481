import { type HttpExchange, timingsOf } from '../../engine/core.js';
import { paint, safeText, wantsColor } from '../../reporters/core.js';

/** Prints a plain HTTP request, what came back, and what its time was spent on. */
export function printHttpRequest(exchange: HttpExchange): void {
  const style = paint(wantsColor(process.stdout, process.env));
  const { method, address, status, statusText, error, remoteIp, remotePort, bytesReceived } = exchange;
  console.log(`${style.bold('→')} ${method} ${safeText(address.href)} ${style.dim(`to ${remoteIp}:${remotePort}`)}`);
  if (error) console.log(`${style.red('✗')} ${safeText(error.message)} (code ${error.code})`);
  else console.log(`${style.bold('←')} ${status} ${safeText(statusText)} ${style.dim(`${bytesReceived} bytes`)}`);
  console.log();
  for (const [name, ms] of Object.entries<number>({ ...timingsOf(exchange) })) {
    console.log(`  ${name.padEnd(26)}${`${ms.toFixed(3)} ms`.padStart(14)}`);
  }
  console.log();
}
