import { readFileSync } from 'node:fs';
import { ExitCode, messageOf, UserError } from '../errors.js';

/** What all VUs of one thread have together: files that were opened and arrays that were made, each once. */
export class SharedData {
  readonly #texts = new Map<string, string>();
  readonly #bytes = new Map<string, ArrayBuffer>();
  readonly #arrays = new Map<string, readonly unknown[]>();

  /** A file's text. Throws a UserError when it cannot be read. */
  text(path: string): string {
    return remember(this.#texts, path, () => read(path).toString('utf8'));
  }

  /** A file's bytes: the same for all, so nobody may write to them. Throws a UserError when it cannot be read. */
  bytes(path: string): ArrayBuffer {
    return remember(this.#bytes, path, () => Uint8Array.from(read(path)).buffer);
  }

  /** The array of this name, which `make` makes for the first who asks; frozen to its depths. */
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
    throw new UserError(`the file cannot be opened: ${messageOf(error)}`, {
      where: path,
      hint: 'a path in open() is relative to the folder of the scenario file',
      exitCode: ExitCode.scriptException,
    });
  }
}

/** Freezes what data is made of; what is frozen already has been frozen in whole. */
function freeze(value: unknown): void {
  // The elements of a typed array cannot be frozen.
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || ArrayBuffer.isView(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
}
