import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './command.js';

/** Path of a test certificate's file, made by certificates/make.sh. */
export function certificateFile(name: string): string {
  return join(ROOT, 'test/support/certificates', name);
}

/** PEM text of a test certificate's file. */
export function pem(name: string): string {
  return readFileSync(certificateFile(name), 'utf8');
}

/** Certificate and key of a server or a client. */
export function identity(name: 'server' | 'expired' | 'elsewhere' | 'self-signed' | 'client') {
  return { cert: pem(`${name}.pem`), key: pem(`${name}-key.pem`) };
}
