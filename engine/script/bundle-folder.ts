import { rmSync } from 'node:fs';
import { mkdtemp, readdir, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configError, messageOf } from '../errors.js';

/** Age at which a dead process's folder is deleted, in milliseconds. Another container may have written it. */
const STALE = 24 * 3600 * 1000;

/** Folders of this process that are still there. */
const open = new Set<string>();

/** Temporary folder for bundles. */
export interface BundleFolder {
  readonly path: string;
  /** Deletes it; otherwise it goes when the process exits. */
  dispose(): Promise<void>;
}

/** Creates a temporary folder, and deletes those of runs that were killed. Throws a UserError. */
export async function openBundleFolder(): Promise<BundleFolder> {
  try {
    // Source maps are relative to the real path of the script.
    const parent = await realpath(tmpdir());
    const path = await mkdtemp(join(parent, `tokenswarm-${process.pid}-`));
    if (open.size === 0) process.once('exit', removeAll);
    open.add(path);
    void removeStale(parent).catch(() => undefined);
    return {
      path,
      async dispose() {
        await rm(path, { recursive: true, force: true });
        open.delete(path);
        if (open.size === 0) process.off('exit', removeAll);
      },
    };
  } catch (error) {
    throw configError(
      tmpdir(),
      `cannot create a temporary folder: ${messageOf(error)}`,
      'set TMPDIR to a writable folder',
    );
  }
}

function removeAll(): void {
  for (const path of open) rmSync(path, { recursive: true, force: true });
}

/** Deletes old folders of processes that were killed. */
async function removeStale(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = /^tokenswarm-(\d+)-\w+$/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const path = join(parent, name);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > STALE) await rm(path, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // One of another user is not ours to be told.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
