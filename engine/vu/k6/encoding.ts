import { bufferOf, bytesOf } from './bytes.js';

/** Variants of base64 by k6's names. */
const VARIANTS: Readonly<Record<string, (padded: string) => string>> = {
  std: (padded) => padded,
  rawstd: unpadded,
  url: forUrls,
  rawurl: (padded) => unpadded(forUrls(padded)),
};

/** Module `k6/encoding`. */
export const encoding = {
  b64encode(input: unknown, variant = 'std'): string {
    const write = VARIANTS[variant] ?? VARIANTS.std;
    const padded = bytesOf(input, 'b64encode').toString('base64');
    return write ? write(padded) : padded;
  },

  /** Decodes to bytes; with format `s` to text. */
  b64decode(input: string, variant = 'std', format = 'b'): string | ArrayBuffer {
    const text = String(input);
    const isForUrls = variant === 'url' || variant === 'rawurl';
    if (!(isForUrls ? /^[\w-]*={0,2}$/ : /^[A-Za-z0-9+/]*={0,2}$/).test(text.replace(/[\r\n]/g, ''))) {
      throw new TypeError(
        `b64decode: this is not base64 of the variant ${variant}: ${JSON.stringify(text.slice(0, 40))}`,
      );
    }
    const bytes = Buffer.from(text, isForUrls ? 'base64url' : 'base64');
    return format === 's' ? bytes.toString('utf8') : bufferOf(bytes);
  },
};

function unpadded(text: string): string {
  return text.replace(/=+$/, '');
}

function forUrls(text: string): string {
  return text.replaceAll('+', '-').replaceAll('/', '_');
}
