import { createServer } from 'node:net';
import { configError, messageOf } from '../../engine/errors.js';

/** Place at which a page listens. Without a host on all addresses of this machine. */
export interface ListenAddress {
  readonly host: string | undefined;
  readonly port: number;
}

/** Parses an address: `:9464`, `9464`, `127.0.0.1:9464`, `[::1]:9464`. Undefined where it is none of these. */
export function readAddress(text: string): ListenAddress | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-fA-F:.]+)\]:|([^:/\s]*):|)(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits ?? Number.NaN);
  if (!(port <= 65_535)) return undefined;
  return { host: bracketed ?? (plain || undefined), port };
}

/** Checks that an address is free. Throws a UserError that names `where`. */
export async function checkFree({ host, port }: ListenAddress, where: string): Promise<void> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject);
      probe.listen({ port, host, exclusive: true }, resolve);
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      const hint = 'end the other program or choose another port; 0 takes any free one';
      throw configError(where, `port ${port} is taken: another program listens there`, hint);
    }
    const hint = 'name an address of this machine and a port that you may use; :9464 listens on all addresses';
    throw configError(where, `it cannot listen there: ${messageOf(error)}`, hint);
  }
  await new Promise((resolve) => probe.close(resolve));
}
