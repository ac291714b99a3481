import { BlockList, isIP, isIPv6 } from 'node:net';
import { configError } from '../../errors.js';
import { decoded } from '../target.js';

type Env = Readonly<Record<string, string | undefined>>;

/** Proxy settings of the environment. Plain data, so that it crosses to worker threads. */
export interface ProxySettings {
  /** Variable for http and https targets. */
  readonly http: ProxyVariable | undefined;
  readonly https: ProxyVariable | undefined;
  /** NO_PROXY: hosts reached directly. */
  readonly except: string;
}

interface ProxyVariable {
  readonly name: string;
  readonly value: string;
}

/** Proxy for a server. */
export interface HttpProxy {
  readonly host: string;
  readonly port: number;
  /** True for a proxy that is connected to over TLS. */
  readonly secure: boolean;
  /** Address without user and password, fit for reports. */
  readonly shown: string;
  /** Value of the `proxy-authorization` header. */
  readonly authorization: string | undefined;
}

/** Reads HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY. Names in lower case take precedence. */
export function readProxies(env: Env): ProxySettings {
  const find = (...names: string[]): ProxyVariable | undefined => {
    for (const name of names.flatMap((capitals) => [capitals.toLowerCase(), capitals])) {
      const value = env[name]?.trim();
      if (value) return { name, value };
    }
    return undefined;
  };
  return {
    http: find('HTTP_PROXY', 'ALL_PROXY'),
    https: find('HTTPS_PROXY', 'ALL_PROXY'),
    except: find('NO_PROXY')?.value ?? '',
  };
}

/** Half of an address, such as a port or a scheme alone. */
const HALF = /^(?:https?:\/\/)?\d+$|^[a-z][a-z0-9+.-]*:(?:\/(?!\/)|$)|^https?:(?!\/\/)(?!\d+$)/i;

/** Proxy for a server; undefined for a direct connection. Throws a UserError for an invalid proxy URL. */
export function proxyFor(server: URL, { http, https, except }: ProxySettings): HttpProxy | undefined {
  const variable = server.protocol === 'https:' ? https : http;
  if (!variable || isExcepted(server, except)) return undefined;
  const { name, value } = variable;
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '' || HALF.test(value)) {
    const shown = value.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1***@');
    throw configError(
      name,
      `expected the URL of an http or https proxy, got ${JSON.stringify(shown)}`,
      `such as http://127.0.0.1:3128; or name ${server.hostname || 'the server'} in NO_PROXY`,
    );
  }
  const secure = url.protocol === 'https:';
  const credentials = `${decoded(url.username)}:${decoded(url.password)}`;
  return {
    host: bare(url.hostname),
    port: Number(url.port) || (secure ? 443 : 80),
    secure,
    shown: url.origin,
    authorization: credentials === ':' ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`,
  };
}

/**
 * Matches a server against NO_PROXY by the rules of Go and curl. `*` is every server, `example.com` and `.example.com`
 * a domain with all below it, `10.0.0.0/8` a network, and `host:8000` only that port.
 */
function isExcepted(server: URL, except: string): boolean {
  const host = bare(server.hostname).replace(/\.$/, '').toLowerCase();
  const port = server.port || (server.protocol === 'https:' ? '443' : '80');
  return except
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      if (entry === '*') return true;
      const [, named = entry, only] = isIPv6(entry) ? [] : (/^(.+?)(?::(\d+))?$/.exec(entry) ?? []);
      if (entry === '' || (only !== undefined && only !== port)) return false;
      const name = bare(named);
      if (isIP(host) !== 0) return name === host || isInNetwork(host, name);
      const domain = name.replace(/^\*?\./, '');
      return host === domain || host.endsWith(`.${domain}`);
    });
}

function isInNetwork(address: string, network: string): boolean {
  const [, base = '', length = ''] = /^([0-9a-f.:]+)\/(\d{1,3})$/.exec(network) ?? [];
  const family = (ip: string) => (isIPv6(ip) ? 'ipv6' : 'ipv4');
  if (isIP(base) === 0 || Number(length) > (isIPv6(base) ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(base, Number(length), family(base));
  return list.check(address, family(address));
}

/** Removes the brackets of an IPv6 host. */
export function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}
