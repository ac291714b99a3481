import { getSystemErrorName } from 'node:util';
import type { EventPattern } from '../sse/event-pattern.js';
import type { BodyPlace } from '../transport/response-reader.js';
import { type Addon, HEADER, KIND_BITS, PAGE_SIZE, RECORD, RECORD_HEADER } from './addon.js';

/** Receiver of what a native stream has read. */
export interface StreamUser {
  /** Handles bytes as they were read. The next record overwrites them. */
  onRaw(bytes: Buffer, from: number, to: number, at: number): void;
  /** Handles an event that fits the pattern. It has `size` bytes, its text is at `from`..`to`. */
  onText(bytes: Buffer, from: number, to: number, at: number, size: number): void;
  /** Continues the body at a place. What came before was recognized. */
  onPlace(place: number, left: number): void;
  /** Handles the end of the socket, or its error. */
  onOver(error: Error | undefined): void;
  /** Pattern and place of further events; undefined where all bytes are wanted. */
  expected(): { readonly pattern: EventPattern; readonly place: BodyPlace } | undefined;
}

/** Memory that records are taken into, seen as bytes, words and doubles. */
interface Page {
  readonly bytes: Buffer;
  readonly words: Int32Array;
  readonly doubles: Float64Array;
}

const KIND_MASK = (1 << KIND_BITS) - 1;

/** Pages of this thread that are not in use. A script that cancels a request inside of another needs a second one. */
const pages: Page[] = [];

function makePage(): Page {
  const bytes = Buffer.allocUnsafeSlow(PAGE_SIZE);
  return { bytes, words: new Int32Array(bytes.buffer), doubles: new Float64Array(bytes.buffer) };
}

/** Socket that is read in C. Its bytes and recognized events are handed on in order when they are drained. */
export class NativeStream {
  /** Bytes received by the end of the latest drain. */
  received = 0;
  readonly #addon: Addon;
  readonly #id: number;
  readonly #release: () => void;
  readonly #user: StreamUser;
  #isOpen = true;
  #isDraining = false;
  /** True while events are recognized in C. */
  #isArmed = false;

  /** `release` is called once, when the stream is closed. */
  constructor(addon: Addon, id: number, user: StreamUser, release: () => void) {
    this.#addon = addon;
    this.#id = id;
    this.#user = user;
    this.#release = release;
  }

  /** Hands on what was read by now, since more may come endlessly. Does nothing inside of a call by itself. */
  drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    const page = pages.pop() ?? makePage();
    try {
      for (let left = Number.POSITIVE_INFINITY; this.#isOpen && left > 0; ) {
        const end = this.#addon.take(this.#id, page.bytes);
        const [isOver, error] = [page.words[4], page.words[5] ?? 0];
        left = Math.min(left - (end - HEADER), page.doubles[1] ?? 0);
        this.received = page.doubles[0] ?? 0;
        this.#handOn(page, end);
        if (isOver) this.#end(error);
      }
      if (this.#isOpen && !this.#isArmed) this.#arm();
    } finally {
      pages.push(page);
      this.#isDraining = false;
    }
  }

  /** Stops reading. Must be called before the socket is closed. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#addon.close(this.#id);
    this.#release();
  }

  #handOn({ bytes, words, doubles }: Page, end: number): void {
    const user = this.#user;
    for (let record = HEADER; record < end; ) {
      const at = doubles[record >> 3] as number;
      const kind = words[(record >> 2) + 2] as number;
      const from = record + RECORD_HEADER;
      const to = from + (words[(record >> 2) + 3] as number);
      record = (to + 7) & ~7;
      if ((kind & KIND_MASK) === RECORD.text) {
        user.onText(bytes, from, to, at, kind >>> KIND_BITS);
      } else if (kind === RECORD.raw) {
        user.onRaw(bytes, from, to, at);
      } else {
        this.#isArmed = false;
        user.onPlace(kind - RECORD.place, at);
      }
    }
  }

  #arm(): void {
    const expected = this.#user.expected();
    if (!expected) return;
    const { pattern, place } = expected;
    // Refused where more has come meanwhile; then this stream is drained again.
    this.#isArmed = this.#addon.arm(this.#id, pattern.around, pattern.before, place.place, place.left);
  }

  #end(errno: number): void {
    this.close();
    this.#user.onOver(errno === 0 ? undefined : systemError(errno));
  }
}

/** Error of reading a socket, as Node's own. */
function systemError(errno: number): Error {
  const code = getSystemErrorName(-errno);
  return Object.assign(new Error(`read ${code}`), { code, errno: -errno, syscall: 'read' });
}
