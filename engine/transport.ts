import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readProxies } from './client/proxy.js';
import { parseTarget } from './client/target.js';
import { checkTls, isPem, type TlsSettings } from './client/tls.js';
import type { TransportSettings } from './client/transport.js';
import { ExitCode, messageOf, UserError } from './errors.js';
import type { Plan } from './script/plan.js';

/** As the scenario API has them. */
type TlsOptions = NonNullable<Plan['transport']['tls']>;

/** What was said about the way to servers outside of the scenario file. */
export interface TransportOptions {
  /** PEM files, relative to the working folder, or PEM texts. */
  readonly tls?: TlsOptions;
  readonly insecureSkipTLSVerify?: boolean | undefined;
  readonly http2?: boolean | undefined;
  /** Reach the servers under test without a proxy, whatever the environment says. */
  readonly direct?: boolean | undefined;
}

/** The fields that are files or texts, in the order in which they are read. */
const FILES = ['ca', 'cert', 'key'] as const;

/** Puts together flags, the file's options and the environment. Throws one UserError with every mistake in the files. */
export async function readTransport(
  options: Plan['transport'],
  settings: TransportOptions & { readonly env: Readonly<Record<string, string | undefined>> },
  folder: string,
  baseUrls: readonly string[],
): Promise<TransportSettings> {
  const problems: string[] = [];
  const unread = new Set<string>();
  const flags = settings.tls ?? {};
  const nameOf = (field: keyof TlsOptions) => {
    // What is missing belongs where the rest was given.
    const isFlag = field in flags || (Object.keys(flags).length > 0 && options.tls?.[field] === undefined);
    return isFlag && field !== 'passphrase' ? `--${field}` : `tls.${field}`;
  };
  const pems: { [Field in (typeof FILES)[number]]?: string } = {};
  for (const field of FILES) {
    const given = flags[field] ?? options.tls?.[field];
    if (given === undefined) continue;
    try {
      const base = flags[field] === undefined ? folder : process.cwd();
      pems[field] = isPem(given) ? given : await readFile(resolve(base, given), 'utf8');
    } catch (error) {
      unread.add(field);
      problems.push(`${nameOf(field)}: cannot be read: ${messageOf(error)}`);
    }
  }
  const tls: TlsSettings = {
    ...pems,
    passphrase: flags.passphrase ?? options.tls?.passphrase,
    serverName: flags.serverName ?? options.tls?.serverName,
    insecureSkipTLSVerify: settings.insecureSkipTLSVerify ?? options.insecureSkipTLSVerify,
  };
  checkTls(tls, (field, message) => {
    if (!unread.has(field)) problems.push(`${nameOf(field)}: ${message}`);
  });
  if (problems.length > 0) {
    throw new UserError(problems.join('\n'), {
      hint: 'give PEM files, by paths from the scenario file (flags: from the working folder), or PEM texts',
      exitCode: ExitCode.invalidConfig,
    });
  }
  const proxies = readProxies(settings.env);
  const direct = settings.direct
    ? baseUrls.map((baseUrl) => new URL(parseTarget({ baseUrl, model: '' }).origin).host)
    : [];
  return {
    tls,
    proxies: { ...proxies, except: [proxies.except, ...direct].join(',') },
    http2: settings.http2 ?? options.http2,
  };
}
