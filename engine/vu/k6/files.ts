import { isAbsolute, resolve } from 'node:path';
import type { VuState } from '../vu-state.js';
import { bytesOf } from './bytes.js';

/** Values of promises that are settled from the beginning. The top of a file cannot wait. */
const settledNow = new WeakMap<object, unknown>();

/** Promise of a value that is there already. */
export function promiseOf<Value>(value: Value): Promise<Value> {
  const promise = Promise.resolve(value);
  settledNow.set(promise, value);
  return promise;
}

/** Value of an awaited expression at the top of a file. */
export function settled(awaited: unknown): unknown {
  if (typeof awaited !== 'object' || awaited === null) return awaited;
  if (settledNow.has(awaited)) return settledNow.get(awaited);
  if (!(awaited instanceof Promise)) return awaited;
  throw new Error('the top of the file cannot wait, since it runs once per VU: await in setup() or in the iteration');
}

/** Start of an offset within a file. */
const SEEK_MODE = { Start: 0, Current: 1, End: 2 } as const;

/** File of `k6/experimental/fs`. A place in the bytes that all VUs of a thread share. */
export class K6File {
  readonly path: string;
  readonly text: string;
  readonly #bytes: Buffer;
  #at = 0;

  constructor(path: string, bytes: ArrayBuffer) {
    this.path = path;
    this.#bytes = Buffer.from(bytes);
    this.text = this.#bytes.toString('utf8');
  }

  stat(): Promise<{ readonly name: string; readonly size: number }> {
    return promiseOf({ name: this.path.split('/').at(-1) ?? '', size: this.#bytes.length });
  }

  /** Reads into a typed array. Resolves to the number of bytes; null at the end. */
  read(into: unknown): Promise<number | null> {
    const target = bytesOf(into, 'read');
    if (this.#at >= this.#bytes.length) return promiseOf(null);
    const count = this.#bytes.copy(target, 0, this.#at);
    this.#at += count;
    return promiseOf(count);
  }

  /** Moves the place of the next read. Resolves to it. */
  seek(offset: number, whence: number = SEEK_MODE.Start): Promise<number> {
    const base = whence === SEEK_MODE.Current ? this.#at : whence === SEEK_MODE.End ? this.#bytes.length : 0;
    const at = base + offset;
    if (!Number.isInteger(at) || at < 0 || at > this.#bytes.length) {
      return Promise.reject(new TypeError(`seek: ${at} is outside of ${this.path}`));
    }
    this.#at = at;
    return promiseOf(at);
  }
}

/** Module `k6/experimental/fs` of one VU. */
export function filesFor(vu: VuState) {
  return {
    SeekMode: SEEK_MODE,
    open(path: string): Promise<K6File> {
      if (vu.stage !== 'init') return Promise.reject(new Error('open() belongs at the top of the scenario file'));
      const { folder, shared } = vu.thread;
      const file = isAbsolute(path) ? path : resolve(folder, String(path));
      return promiseOf(new K6File(String(path), shared.bytes(file)));
    },
  };
}
