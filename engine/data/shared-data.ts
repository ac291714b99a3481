import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { messageOf } from '../errors.js';
import { dataError } from './data-error.js';

/** Files and SharedArrays of one thread, each created once. */
export class SharedData {
  readonly #texts = new Map<string, string>();
  readonly #bytes = new Map<string, ArrayBuffer>();
  readonly #arrays = new Map<string, readonly unknown[]>();

  /** Text of a file. Throws a UserError where it cannot be read. */
  text(path: string): string {
    return remember(this.#texts, path, () => {
      const bytes = read(path);
      if (!isUtf8(bytes)) throw dataError(path, 'the file is not UTF-8', "open(path, 'b') gives its bytes");
      return bytes.toString('utf8');
    });
  }

  /** Bytes of a file, shared, so read-only. Throws a UserError where it cannot be read. */
  bytes(path: string): ArrayBuffer {
    return remember(this.#bytes, path, () => Uint8Array.from(read(path)).buffer);
  }

  /** SharedArray of this name, deeply frozen. The first caller's `make` creates it. */
  array(name: string, make: () => unknown): readonly unknown[] {
    if (typeof name !== 'string' || name === '') {
      throw new TypeError(`SharedArray: expected a name, got ${JSON.stringify(name)}`);
    }
    if (typeof make !== 'function') throw new TypeError(`SharedArray "${name}": expected a function that makes it`);
    return remember(this.#arrays, name, () => {
      const made = make();
      if (!Array.isArray(made)) throw new TypeError(`SharedArray "${name}": its function has to return an array`);
      freeze(made);
      return made;
    });
  }
}

function remember<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  return made;
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const hint = 'a path in open() is relative to the folder of the scenario file';
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw dataError(path, isMissing ? 'there is no such file' : `the file cannot be opened: ${messageOf(error)}`, hint);
  }
}

/** Freezes data deeply; a frozen value is frozen as a whole. */
function freeze(value: unknown): void {
  // Elements of a typed array cannot be frozen.
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || ArrayBuffer.isView(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
}
