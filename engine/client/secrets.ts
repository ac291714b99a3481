/** Shown in the place of a secret. */
const HIDDEN = '***';

/** Least length of a secret. Hiding `x` would mangle every message, and tell what the key is. */
const SHORTEST = 8;

/** Most secrets remembered. A script may make one for each request. */
const MOST_SECRETS = 256;

/** Most texts whose result is remembered: failures repeat. */
const MOST_KNOWN = 256;
const LONGEST_KNOWN = 2000;

/** Names of headers, query parameters and variables that carry secrets. */
const SECRET_NAME = /key|token|secret|passw|pwd|passphrase|auth|cookie|credential|signature|^sig$/i;

/** Secret parameters of URLs in a text: name and value. */
const QUERY =
  /([?&;](?:[\w.%-]*(?:key(?!word|s)|token(?!s)|secret|passw|pwd|auth|credential|signature)[\w.%-]*|sig)=)[^&;\s"'<>#\\]+/gi;

/** User and password of a URL. */
const USER = /(\b[a-z][a-z+.-]*:\/\/)[^/@\s"'<>?#]+@/gi;

/** Escapes of one character in JSON, JavaScript, URLs (also twice) and HTML. */
const ESCAPE =
  /\\+u\{?0*([0-9a-f]{2,4})\}?|\\+x([0-9a-f]{2})|%(?:25)*([0-9a-f]{2})|&#x0*([0-9a-f]{2,4});?|&#0*(\d{2,5});?/iy;

/** Decoded characters of a text, with their places in it. */
interface Reading {
  readonly text: string;
  /** Start of each character; one more for the end. */
  readonly at: readonly number[];
}

/**
 * Redacts secrets in every text that may be shown. Finds keys of 8 and more characters, in any case, escaped, in base64
 * or hex, and cut short. The one place that knows how; to be called before a text is cut or changed.
 */
export class Secrets {
  readonly #secrets = new Set<string>();
  /** Every 8 characters of what gives a secret away wherever it stands. */
  #grams = new Set<string>();
  /** Secrets that could be words: hidden only where they stand alone. */
  #words = new Set<string>();
  readonly #known = new Map<string, string>();

  /** Adds secrets; texts too short to be one are ignored. */
  add(...texts: readonly string[]): void {
    for (const text of texts) {
      if (text.length < SHORTEST || this.#secrets.has(text)) continue;
      this.#secrets.add(text);
      this.#known.clear();
      this.#learn(text);
      if (this.#secrets.size > MOST_SECRETS) this.#forget();
    }
  }

  /** Adds values of headers whose names mark them as secret. */
  addHeaders(headers: Iterable<readonly [name: string, value: string]>): void {
    for (const [name, value] of headers) {
      if (/cookie/i.test(name)) this.add(...value.split(/[;=,\s]+/));
      else if (isSecretName(name)) this.add(value.replace(/^\w+ +/, ''));
    }
  }

  /** Redacts a text. To be cut to length afterwards, not before. */
  readonly redact = (text: string): string => {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const shown = this.#hide(text).replace(QUERY, `$1${HIDDEN}`).replace(USER, `$1${HIDDEN}@`);
    if (text.length > LONGEST_KNOWN) return shown;
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    this.#known.set(text, shown);
    return shown;
  };

  /** Redacts all texts of a JSON value; the same value where clean. */
  readonly redactAll = <Value>(value: Value): Value => {
    if (typeof value === 'string') return this.redact(value) as Value;
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) {
      let shown: unknown[] | undefined;
      for (const [index, item] of value.entries()) {
        if (typeof item === 'number') continue;
        const clean: unknown = this.redactAll(item);
        if (clean === item) continue;
        shown ??= [...(value as unknown[])];
        shown[index] = clean;
      }
      return (shown ?? value) as Value;
    }
    let isClean = true;
    const entries = Object.entries(value).map(([name, item]: [string, unknown]) => {
      const shown = [this.redact(name), typeof item === 'number' ? item : this.redactAll(item)] as const;
      if (shown[0] !== name || shown[1] !== item) isClean = false;
      return shown;
    });
    return isClean ? value : (Object.fromEntries(entries) as Value);
  };

  #learn(secret: string): void {
    const low = readEscapes(secret).text;
    if (/\d/.test(secret) || secret.length >= 2 * SHORTEST) this.#addGrams(low);
    else this.#words.add(low);
    this.#addGrams(Buffer.from(secret).toString('hex'));
    for (const shift of [0, 1, 2]) {
      const packed = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret)]);
      const whole = packed.toString('base64url').slice(0, Math.floor((packed.length * 8) / 6));
      this.#addGrams(whole.slice(Math.ceil((shift * 8) / 6)).toLowerCase());
    }
  }

  #addGrams(text: string): void {
    for (let from = 0; from + SHORTEST <= text.length; from += 1) this.#grams.add(text.slice(from, from + SHORTEST));
  }

  /** Forgets the older half, and learns the others anew. */
  #forget(): void {
    for (const secret of [...this.#secrets].slice(1, MOST_SECRETS / 2)) this.#secrets.delete(secret);
    this.#grams = new Set();
    this.#words = new Set();
    for (const secret of this.#secrets) this.#learn(secret);
  }

  #hide(text: string): string {
    if (this.#secrets.size === 0 || text.length < SHORTEST) return text;
    const read = readEscapes(text);
    const hidden = new Set<number>();
    const mark = (from: number, to: number) => {
      for (let index = from; index < to; index += 1) hidden.add(index);
    };
    for (let from = 0; from + SHORTEST <= read.text.length; from += 1) {
      if (!this.#grams.has(read.text.slice(from, from + SHORTEST))) continue;
      const [first, last] = wordAround(read.text, from, from + SHORTEST);
      mark(first, last);
      // Behind the word the next one may begin with a gram.
      from = Math.max(from, last - SHORTEST);
    }
    for (const word of this.#words) {
      for (let from = read.text.indexOf(word); from >= 0; from = read.text.indexOf(word, from + 1)) {
        if (standsAlone(read.text, from, from + word.length)) mark(from, from + word.length);
      }
    }
    return hidden.size === 0 ? text : withoutMarked(text, read, hidden);
  }
}

/** True for names of headers and parameters that carry secrets. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** Decodes escapes, lower-cases, and unifies the alphabets of base64. */
function readEscapes(text: string): Reading {
  const characters: string[] = [];
  const at: number[] = [];
  for (let index = 0; index < text.length; ) {
    const first = text[index] ?? '';
    let length = 1;
    let character = first;
    if (first === '\\' || first === '%' || first === '&') {
      ESCAPE.lastIndex = index;
      const found = ESCAPE.exec(text);
      const hex = found?.[1] ?? found?.[2] ?? found?.[3] ?? found?.[4];
      const code = hex === undefined ? Number(found?.[5]) : Number.parseInt(hex, 16);
      if (found && code > 0 && code < 0x10000) {
        length = found[0].length;
        character = String.fromCharCode(code);
      }
    }
    const low = character.toLowerCase();
    characters.push(low === '+' ? '-' : low === '/' ? '_' : low.length === 1 ? low : character);
    at.push(index);
    index += length;
  }
  at.push(text.length);
  return { text: characters.join(''), at };
}

/** Extends a match to the word that it is in. */
function wordAround(text: string, from: number, to: number): [from: number, to: number] {
  let [first, last] = [from, to];
  while (first > 0 && /[\w-]/.test(text[first - 1] ?? '')) first -= 1;
  while (last < text.length && /[\w=-]/.test(text[last] ?? '')) last += 1;
  return [first, last];
}

function standsAlone(text: string, from: number, to: number): boolean {
  return !/[\p{L}\p{N}]/u.test(text[from - 1] ?? '') && !/[\p{L}\p{N}]/u.test(text[to] ?? '');
}

function withoutMarked(text: string, { at }: Reading, hidden: ReadonlySet<number>): string {
  let shown = '';
  for (let index = 0; index + 1 < at.length; index += 1) {
    if (!hidden.has(index)) shown += text.slice(at[index], at[index + 1]);
    else if (!hidden.has(index - 1)) shown += HIDDEN;
  }
  return shown;
}
