import { isAbsolute, resolve } from 'node:path';
import type * as data from '../../api/data.js';
import type { VuState } from '../vu-state.js';

/** `open` and `SharedArray` of one VU: init only, as in k6. */
export function sharedFor(vu: VuState): Pick<typeof data, 'open' | 'SharedArray'> {
  const { shared, folder } = vu.thread;

  function open(path: string): string;
  function open(path: string, mode: 'b'): ArrayBuffer;
  function open(path: string, mode?: 'b'): string | ArrayBuffer {
    if (vu.stage !== 'init') throw new Error('open() belongs at the top of the scenario file');
    if (typeof path !== 'string') throw new TypeError(`open: expected a path, got ${JSON.stringify(path)}`);
    const file = isAbsolute(path) ? path : resolve(folder, path);
    return mode === 'b' ? shared.bytes(file) : shared.text(file);
  }

  /** Constructs a plain array, which is as fast as any. */
  function sharedArray(name: string, make: () => readonly unknown[]): readonly unknown[] {
    if (vu.stage !== 'init') throw new Error('a SharedArray has to be made at the top of the scenario file');
    return shared.array(name, make);
  }

  return { open, SharedArray: sharedArray as unknown as typeof data.SharedArray };
}
