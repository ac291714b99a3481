import { createHash, createHmac, type Hash, type Hmac, randomBytes } from 'node:crypto';
import { bufferOf, bytesOf } from './bytes.js';

/** OpenSSL's names of k6's algorithms, where they differ. */
const NAMES: Readonly<Record<string, string>> = { sha512_224: 'sha512-224', sha512_256: 'sha512-256' };

const ALGORITHMS = [
  'md4',
  'md5',
  'ripemd160',
  'sha1',
  'sha256',
  'sha384',
  'sha512',
  'sha512_224',
  'sha512_256',
] as const;

type Digest = (input: unknown, form?: string) => string | ArrayBuffer;

/** Hash or HMAC that takes its input in parts. */
class Hasher {
  readonly #hash: Hash | Hmac;

  constructor(hash: Hash | Hmac) {
    this.#hash = hash;
  }

  update(input: unknown): void {
    this.#hash.update(bytesOf(input, 'update'));
  }

  /** Digest so far: `hex`, `base64`, `base64url`, `base64rawurl` or `binary`. */
  digest(form = 'hex'): string | ArrayBuffer {
    // k6 may ask twice.
    const bytes = 'copy' in this.#hash ? this.#hash.copy().digest() : this.#hash.digest();
    return written(bytes, form);
  }
}

/** Module `k6/crypto`. */
export const crypto = {
  createHash: (algorithm: string) => new Hasher(open(algorithm, (name) => createHash(name))),
  createHMAC: (algorithm: string, key: unknown) =>
    new Hasher(open(algorithm, (name) => createHmac(name, bytesOf(key, 'createHMAC')))),
  hmac(algorithm: string, key: unknown, data: unknown, form?: string): string | ArrayBuffer {
    const hash = crypto.createHMAC(algorithm, key);
    hash.update(data);
    return hash.digest(form);
  },
  hexEncode: (data: unknown) => bytesOf(data, 'hexEncode').toString('hex'),
  randomBytes(size: number): ArrayBuffer {
    if (!Number.isInteger(size) || size < 1) throw new TypeError(`randomBytes: expected a size from 1 on, got ${size}`);
    return bufferOf(randomBytes(size));
  },
  ...(Object.fromEntries(ALGORITHMS.map((name) => [name, digestOf(name)])) as Record<
    (typeof ALGORITHMS)[number],
    Digest
  >),
};

function digestOf(algorithm: string): Digest {
  return (input, form) => {
    const hash = crypto.createHash(algorithm);
    hash.update(input);
    return hash.digest(form);
  };
}

function open<Opened>(algorithm: string, make: (name: string) => Opened): Opened {
  const known = ALGORITHMS.find((name) => name === algorithm);
  if (!known) throw new TypeError(`there is no hash called ${algorithm}: there are ${ALGORITHMS.join(', ')}`);
  try {
    return make(NAMES[known] ?? known);
  } catch {
    throw new TypeError(`this Node's OpenSSL does not offer ${known}: use another hash`);
  }
}

function written(bytes: Buffer, form: string): string | ArrayBuffer {
  switch (form) {
    case 'hex':
      return bytes.toString('hex');
    case 'base64':
      return bytes.toString('base64');
    case 'base64url':
      return bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_');
    case 'base64rawurl':
      return bytes.toString('base64url');
    case 'binary':
      return bufferOf(bytes);
    default:
      throw new TypeError(`digest: expected hex, base64, base64url, base64rawurl or binary, got ${form}`);
  }
}
