import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { type ConnectionOptions, createSecureContext, rootCertificates, type SecureContext } from 'node:tls';

/** How servers are believed and how we show who we are. PEM texts; plain data, so that it crosses to worker threads. */
export interface TlsSettings {
  /** Authorities that are trusted beside the usual ones. */
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** Of the key. */
  readonly passphrase?: string | undefined;
  /** The name that the server's certificate has to bear, in place of the address's. */
  readonly serverName?: string | undefined;
  /** Believe any certificate. */
  readonly insecureSkipTLSVerify: boolean;
}

/** What is wrong with a field of the settings. */
export type TlsComplaint = (field: 'ca' | 'cert' | 'key' | 'passphrase', message: string) => void;

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** Whether a text is PEM itself, and not the name of a file. */
export function isPem(text: string): boolean {
  return text.includes('-----BEGIN ');
}

/** Reads all that was given, so that every mistake is told before the load and not by the first handshake. */
export function checkTls({ ca, cert, key, passphrase }: TlsSettings, complain: TlsComplaint): void {
  if (ca !== undefined) readCertificates(ca, (message) => complain('ca', message));
  const own = cert === undefined ? undefined : readCertificates(cert, (message) => complain('cert', message));
  const secret = key === undefined ? undefined : readKey(key, passphrase, complain);
  if (cert !== undefined && key === undefined) complain('key', 'is required with a client certificate');
  if (key !== undefined && cert === undefined) complain('cert', 'is required with a private key');
  if (own && secret && !own.checkPrivateKey(secret)) complain('key', 'does not belong to the client certificate');
}

/** The first certificate of a PEM text; undefined where there is something to complain of. */
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
    if (isEncrypted && passphrase === undefined)
      complain('passphrase', 'is required, for the private key is encrypted');
    else if (isEncrypted) complain('passphrase', 'does not open the private key');
    else complain('key', 'holds no private key in PEM form (-----BEGIN PRIVATE KEY-----)');
    return undefined;
  }
}

/**
 * What all TLS sockets of a thread share; ten thousand users must not read the authorities ten thousand times. Given
 * authorities are added to Node's own and to NODE_EXTRA_CA_CERTS, of which `extra` is the content.
 */
export function makeContext({ ca, cert, key, passphrase }: TlsSettings, extra: string | undefined): SecureContext {
  return createSecureContext({
    // Without a list of its own a context has Node's authorities, NODE_EXTRA_CA_CERTS among them.
    ...(ca !== undefined && { ca: [...rootCertificates, ...(extra?.match(CERTIFICATE) ?? []), ca] }),
    cert,
    key,
    passphrase,
  });
}

/** How a socket to this host is secured. */
export function secureOptions(host: string, settings: TlsSettings, context: SecureContext): ConnectionOptions {
  return {
    host,
    // An address is no server name, by the standard.
    servername: settings.serverName ?? (isIP(host) ? '' : host),
    secureContext: context,
    // Else as Node does, which NODE_TLS_REJECT_UNAUTHORIZED tells it.
    ...(settings.insecureSkipTLSVerify && { rejectUnauthorized: false }),
  };
}
