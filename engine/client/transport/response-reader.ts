/** Response headers by lower-case name. Repeated values are joined by commas, cookies are a list. */
export type ResponseHeaders = Readonly<Record<string, string | string[]>>;

/** Status line and headers. */
interface ResponseHead {
  readonly status: number;
  readonly reason: string;
  readonly isOld: boolean;
  readonly headers: ResponseHeaders;
}

/** Receiver of a parsed response. */
export interface ResponseListener {
  onHead(status: number, headers: ResponseHeaders, reason: string): void;
  /** Receives body bytes at `from`..`to`, which the next read overwrites. */
  onBody(bytes: Buffer, from: number, to: number): void;
  onEnd(): void;
}

/** Bytes that are not an HTTP/1.1 response. */
export class NotHttp extends Error {
  override readonly name = 'NotHttp';
}

/** Parser state. The last five are of a chunked body (RFC 9112, section 7.1). */
type State = 'head' | 'body' | 'until close' | 'end' | 'size' | 'extension' | 'chunk' | 'chunk end' | 'trailer';

/** Place within a body from which parsing may continue. */
export interface BodyPlace {
  /** Index into PLACES. */
  readonly place: number;
  /** Bytes left of the chunk or body. */
  readonly left: number;
}

/** States of a body, in the order of `native/stream.h`. */
const PLACES: readonly State[] = ['size', 'chunk', 'chunk end', 'body', 'until close'];

/** Longest head accepted, in characters. */
const LONGEST_HEAD = 64 * 1024;
/** Bytes of a read that are parsed at once as a head. */
const HEAD_PART = 1024;
/** Empty line after a head. A bare LF may stand for CRLF (RFC 9112, section 2.2). */
const HEAD_END = /\r?\n\r?\n/g;

/** Transfer codings that are read (RFC 9112, section 7). */
const KNOWN_CODINGS = /^(?:chunked|identity)(?:\s*,\s*(?:chunked|identity))*$/i;

const CR = 13;
const LF = 10;

/** Incremental parser of one HTTP/1.1 response. Bytes may be cut anywhere; head, body parts and end come out. */
export class ResponseReader {
  /** True where the connection can carry another request after this response. */
  reusable = true;
  readonly #listener: ResponseListener;
  readonly #hasBody: boolean;
  #state: State = 'head';
  #head = '';
  /** Bytes left of the body or of the current chunk. */
  #left = 0;
  #lineIsEmpty = true;

  /** `hasBody` is false for HEAD. Its response has no body despite its `content-length`. */
  constructor(listener: ResponseListener, hasBody = true) {
    this.#listener = listener;
    this.#hasBody = hasBody;
  }

  /** Place of the next byte; undefined where parsing cannot continue from it. */
  get place(): BodyPlace | undefined {
    const place = PLACES.indexOf(this.#state);
    const isWithinLine = this.#state === 'size' && !this.#lineIsEmpty;
    return place < 0 || isWithinLine ? undefined : { place, left: this.#left };
  }

  /** Continues at a later place of the body. The bytes before it were recognized. */
  continueAt(place: number, left: number): void {
    this.#state = PLACES[place] ?? this.#state;
    this.#left = left;
    this.#lineIsEmpty = true;
  }

  /** Parses the bytes from `from` to `length`. Throws NotHttp where they are invalid. */
  read(bytes: Buffer, length: number, from = 0): void {
    for (let at = from; at < length; ) {
      const state = this.#state;
      if (state === 'chunk' || state === 'body') {
        const to = Math.min(length, at + this.#left);
        this.#left -= to - at;
        this.#listener.onBody(bytes, at, to);
        at = to;
        if (this.#left === 0 && state === 'chunk') this.#state = 'chunk end';
        else if (this.#left === 0) this.#end();
      } else if (state === 'until close') {
        this.#listener.onBody(bytes, at, length);
        return;
      } else if (state === 'head') {
        at = this.#readHead(bytes, at, length);
      } else {
        this.#readFraming(bytes[at] ?? 0);
        at += 1;
      }
    }
  }

  /** Handles the server's close; returns true where the response was complete. */
  close(): boolean {
    if (this.#state === 'until close') this.#end();
    return this.#state === 'end';
  }

  #readHead(bytes: Buffer, from: number, end: number): number {
    const known = this.#head.length;
    if (known === 0 && last && startsWith(bytes, from, end, last.bytes)) {
      this.#begin(last.head);
      return from + last.bytes.length;
    }
    // Read in parts, since the body behind the head, or further heads, may be long.
    const to = Math.min(end, from + HEAD_PART);
    this.#head += bytes.toString('latin1', from, to);
    if (!this.#head.startsWith('HTTP/1.'.slice(0, this.#head.length))) throw unreadable(this.#head);
    HEAD_END.lastIndex = Math.max(0, known - 3);
    const found = HEAD_END.exec(this.#head);
    if (!found && this.#head.length > LONGEST_HEAD) throw new NotHttp('the head is longer than 64 KiB');
    if (!found) return to;
    const head = readHead(this.#head.slice(0, found.index));
    last = { head, bytes: Buffer.from(this.#head.slice(0, HEAD_END.lastIndex), 'latin1') };
    this.#head = '';
    this.#begin(head);
    return from + last.bytes.length - known;
  }

  #begin({ status, reason, isOld, headers }: ResponseHead): void {
    // Informational: the response is still to come.
    if (status < 200) return;
    const connection = textOf(headers.connection);
    const length = headers['content-length'];
    this.reusable = isOld ? /keep-alive/i.test(connection) : !/close/i.test(connection);
    if (length !== undefined && !/^\d+$/.test(textOf(length))) {
      throw new NotHttp(`content-length is ${JSON.stringify(length)}`);
    }
    const coding = textOf(headers['transfer-encoding']);
    if (coding !== '' && !KNOWN_CODINGS.test(coding)) {
      throw new NotHttp(`transfer-encoding is ${JSON.stringify(coding)}`);
    }
    const isEmpty = status === 204 || status === 205 || status === 304 || !this.#hasBody;
    if (/chunked/i.test(coding)) this.#state = 'size';
    else this.#state = length === undefined ? 'until close' : 'body';
    if (this.#state === 'until close' && !isEmpty) this.reusable = false;
    if (this.#state === 'body') this.#left = Number(length);
    this.#listener.onHead(status, headers, reason);
    if (isEmpty || (this.#state === 'body' && this.#left === 0)) this.#end();
  }

  /** Parses a byte of chunked framing, or rejects one after the end. */
  #readFraming(byte: number): void {
    switch (this.#state) {
      case 'size': {
        const digit = hexOf(byte);
        if (digit < 0) this.#endOfSize(byte);
        else this.#left = 16 * this.#left + digit;
        this.#lineIsEmpty = false;
        return;
      }
      case 'extension':
        if (byte === LF) this.#beginChunk();
        return;
      case 'chunk end':
        if (byte === LF) this.#state = 'size';
        else if (byte !== CR) throw new NotHttp('a chunk is longer than its size');
        return;
      case 'trailer':
        if (byte === LF && this.#lineIsEmpty) this.#end();
        else if (byte !== CR) this.#lineIsEmpty = byte === LF;
        return;
      default:
        throw new NotHttp('bytes came after the end of the response');
    }
  }

  #endOfSize(byte: number): void {
    // An extension begins with a semicolon; some servers pad the size with blanks.
    const isEnd = byte === CR || byte === LF || byte === 0x3b || byte === 0x20;
    if (this.#lineIsEmpty || !isEnd || this.#left > Number.MAX_SAFE_INTEGER) throw new NotHttp('a chunk has no size');
    this.#state = 'extension';
    if (byte === LF) this.#beginChunk();
  }

  #beginChunk(): void {
    this.#state = this.#left === 0 ? 'trailer' : 'chunk';
    this.#lineIsEmpty = true;
  }

  #end(): void {
    this.#state = 'end';
    this.#listener.onEnd();
  }
}

/** Last parsed head and its bytes, since servers often repeat it. */
let last: { readonly head: ResponseHead; readonly bytes: Buffer } | undefined;

function startsWith(bytes: Buffer, from: number, end: number, head: Buffer): boolean {
  const to = from + head.length;
  return to <= end && bytes.compare(head, 0, head.length, from, to) === 0;
}

function readHead(text: string): ResponseHead {
  const [first = '', ...lines] = text.split(/\r?\n/);
  const [, minor, code, reason = ''] = /^HTTP\/1\.(\d) (\d{3})(?: (.*))?$/.exec(first) ?? [];
  if (!code) throw unreadable(first);
  return { status: Number(code), reason, isOld: minor === '0', headers: headersOf(lines) };
}

function headersOf(lines: readonly string[]): ResponseHeaders {
  const headers: Record<string, string | string[]> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1) throw new NotHttp(`a header is ${JSON.stringify(line.slice(0, 40))}`);
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    const before = headers[name];
    if (before === undefined) headers[name] = value;
    // A cookie may have commas of its own.
    else if (name === 'set-cookie') headers[name] = [before, value].flat();
    else headers[name] = `${before}, ${value}`;
  }
  return headers;
}

function textOf(value: string | string[] | undefined): string {
  return typeof value === 'string' ? value : '';
}

function unreadable(head: string): NotHttp {
  return new NotHttp(`the response begins with ${JSON.stringify(head.slice(0, 40))}`);
}

/** Value of a hexadecimal digit; −1 for other bytes. */
function hexOf(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
