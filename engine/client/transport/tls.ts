import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import {
  type ConnectionOptions,
  createSecureContext,
  rootCertificates,
  type SecureContext,
  type SecureVersion,
} from 'node:tls';

/** Trust and client certificate. PEM texts; plain data, so that it crosses to worker threads. */
export interface TlsSettings {
  /** Trusted authorities besides Node's. */
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** Passphrase of the key. */
  readonly passphrase?: string | undefined;
  /** Name expected in the server's certificate, in place of the host's. */
  readonly serverName?: string | undefined;
  /** Oldest and newest version of TLS. Default: Node's. */
  readonly minVersion?: SecureVersion | undefined;
  readonly maxVersion?: SecureVersion | undefined;
  /** Ciphers in OpenSSL's form. Default: Node's. */
  readonly ciphers?: string | undefined;
  /** Accepts any certificate. */
  readonly insecureSkipTLSVerify: boolean;
}

/** Reports a problem with a field of the settings. */
export type TlsComplaint = (field: 'ca' | 'cert' | 'key' | 'passphrase', message: string) => void;

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** True for PEM text, false for a file name. */
export function isPem(text: string): boolean {
  return text.includes('-----BEGIN ');
}

/** Validates all TLS settings before the load, not in the first handshake. */
export function checkTls({ ca, cert, key, passphrase }: TlsSettings, complain: TlsComplaint): void {
  if (ca !== undefined) readCertificates(ca, (message) => complain('ca', message));
  const own = cert === undefined ? undefined : readCertificates(cert, (message) => complain('cert', message));
  const secret = key === undefined ? undefined : readKey(key, passphrase, complain);
  if (cert !== undefined && key === undefined) complain('key', 'is required with a client certificate');
  if (key !== undefined && cert === undefined) complain('cert', 'is required with a private key');
  if (own && secret && !own.checkPrivateKey(secret)) complain('key', 'does not belong to the client certificate');
}

/** First certificate of a PEM text. Undefined where a problem was reported. */
function readCertificates(pem: string, complain: (message: string) => void): X509Certificate | undefined {
  try {
    const [first] = (pem.match(CERTIFICATE) ?? []).map((block) => new X509Certificate(block));
    if (!first) complain('holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)');
    return first;
  } catch {
    complain('holds a certificate that cannot be read');
    return undefined;
  }
}

function readKey(key: string, passphrase: string | undefined, complain: TlsComplaint): KeyObject | undefined {
  try {
    return createPrivateKey({ key, passphrase });
  } catch {
    const isEncrypted = key.includes('ENCRYPTED');
    if (isEncrypted && passphrase === undefined) complain('passphrase', 'is required: the private key is encrypted');
    else if (isEncrypted) complain('passphrase', 'does not open the private key');
    else complain('key', 'holds no private key in PEM form (-----BEGIN PRIVATE KEY-----)');
    return undefined;
  }
}

/**
 * Creates the TLS context that all sockets of a thread share. Ten thousand users must not parse the authorities ten
 * thousand times. `ca` adds to Node's authorities and to NODE_EXTRA_CA_CERTS, whose content is `extra`.
 */
export function makeContext(
  { ca, cert, key, passphrase, minVersion, maxVersion, ciphers }: TlsSettings,
  extra: string | undefined,
): SecureContext {
  return createSecureContext({
    // Without a list of its own a context has Node's authorities, NODE_EXTRA_CA_CERTS among them.
    ...(ca !== undefined && { ca: [...rootCertificates, ...(extra?.match(CERTIFICATE) ?? []), ca] }),
    cert,
    key,
    passphrase,
    ...(minVersion && { minVersion }),
    ...(maxVersion && { maxVersion }),
    ...(ciphers !== undefined && { ciphers }),
  });
}

/** TLS options of a socket to a host. */
export function secureOptions(host: string, settings: TlsSettings, context: SecureContext): ConnectionOptions {
  return {
    host,
    // An IP address is no server name (RFC 6066, section 3).
    servername: settings.serverName ?? (isIP(host) ? '' : host),
    secureContext: context,
    // Else Node's default, which NODE_TLS_REJECT_UNAUTHORIZED changes.
    ...(settings.insecureSkipTLSVerify && { rejectUnauthorized: false }),
  };
}
