import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { buildAddon } from '../client/reader/addon.js';
import { hasNativeReader } from '../client/reader/native-reader.js';
import { readProxies } from '../client/transport/proxy.js';
import { checkTls, isPem, type TlsSettings } from '../client/transport/tls.js';
import type { TransportSettings } from '../client/transport/transport.js';
import { configError, messageOf } from '../errors.js';
import type { PlannedTransport } from '../options/planned-transport.js';

/** Fields that are files or PEM texts, in reading order. */
const FILES = ['ca', 'cert', 'key'] as const;

/**
 * Reads the transport's files and the environment's proxies. Calls `warn` where a reader cannot be had. Throws one
 * UserError with every mistake.
 */
export async function readTransport(
  { tls: given, insecureSkipTLSVerify, http2, reader, hosts, localAddresses, places }: PlannedTransport,
  env: Readonly<Record<string, string | undefined>>,
  warn: (text: string) => void = () => undefined,
): Promise<TransportSettings> {
  const problems: string[] = [];
  const unread = new Set<string>();
  const pems: { [Field in (typeof FILES)[number]]?: string } = {};
  for (const field of FILES) {
    const text = given[field];
    if (text === undefined) continue;
    try {
      pems[field] = isPem(text) ? text : await readFile(text, 'utf8');
    } catch (error) {
      unread.add(field);
      problems.push(`${places[field]}: cannot be read: ${messageOf(error)}`);
    }
  }
  const tls: TlsSettings = { ...given, ...pems, insecureSkipTLSVerify };
  checkTls(tls, (field, message) => {
    if (!unread.has(field)) problems.push(`${places[field]}: ${message}`);
  });
  if (problems.length > 0) {
    throw configError(
      undefined,
      problems.join('\n'),
      'give PEM files, by paths from the scenario file (flags: from the working folder), or PEM texts',
    );
  }
  checkAddresses(localAddresses, places.localAddresses);
  const settings = { tls, proxies: readProxies(env), http2, hosts, localAddresses };
  return { ...settings, reader: await readerOf(reader, places.reader, warn) };
}

/** Checks that connections can start from these addresses. Throws a UserError that lists this machine's. */
function checkAddresses(given: readonly string[], place: string): void {
  const own = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.map(({ address }) => address));
  // All of 127.0.0.0/8 is this machine.
  const foreign = given.filter((address) => !own.includes(address) && !address.startsWith('127.'));
  if (foreign.length === 0) return;
  const message = `${foreign.join(', ')} ${foreign.length === 1 ? 'is no address' : 'are no addresses'} of this machine`;
  throw configError(place, message, `it has ${own.join(', ')}`);
}

/**
 * Reader that a plan's choice results in. Builds the native one where it is missing. Throws a UserError where that was
 * asked for by name and cannot be had.
 */
async function readerOf(
  choice: PlannedTransport['reader'],
  place: string,
  warn: (text: string) => void,
): Promise<'native' | 'js'> {
  if (choice === 'js') return 'js';
  if (hasNativeReader()) return 'native';
  // Elsewhere there is nothing to build, and nothing to be done about it.
  if (choice === 'auto' && process.platform !== 'linux') return 'js';
  const reason = (await buildAddon()) ?? 'the native reader cannot be loaded';
  if (hasNativeReader()) return 'native';
  if (choice === 'auto') {
    warn(`JavaScript reads streams: ${reason}. Choose it (--reader js) to be told so no more`);
    return 'js';
  }
  throw configError(
    place,
    reason,
    'it needs Linux, a C compiler (cc, or CC) and write access to its folder; or choose js',
  );
}
