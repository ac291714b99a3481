import { constants } from 'node:fs';
import { access, mkdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { configError, messageOf, type UserError } from '../engine/errors.js';

/** Writes a file atomically, and creates its folders. A reader sees all of it or none. Throws a UserError. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    // Renaming would replace a link or a device such as /dev/null by a file.
    const target = await realpath(path).catch(() => path);
    if ((await kindOf(target)) === 'other') await writeFile(target, content);
    else await replace(target, content);
  } catch (thrown) {
    throw unwritable(path, messageOf(thrown), 'name another file for the results');
  }
}

/** Checks that a file can be written, and creates its folder. Throws a UserError. */
export async function checkWritable(path: string): Promise<void> {
  const kind = await kindOf(path);
  if (kind === 'directory' || path.endsWith('/') || path.endsWith(sep)) {
    throw unwritable(path, 'it is a folder', `name a file in it, such as ${join(path, 'summary.json')}`);
  }
  const folder = dirname(path);
  try {
    await mkdir(folder, { recursive: true });
  } catch (thrown) {
    throw unwritable(path, `its folder cannot be created: ${messageOf(thrown)}`, 'name a file in another folder');
  }
  try {
    if (kind !== 'none') await access(path, constants.W_OK);
    if (kind !== 'other') await access(folder, constants.W_OK);
  } catch (thrown) {
    throw unwritable(path, messageOf(thrown), 'change its permissions, or name a file elsewhere');
  }
}

/** True for paths that are neither file nor folder, such as /dev/null. */
export async function isDevice(path: string): Promise<boolean> {
  return (await kindOf(path)) === 'other';
}

async function replace(path: string, content: string | Uint8Array): Promise<void> {
  const half = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    await writeFile(half, content);
    await rename(half, path);
  } catch (thrown) {
    await rm(half, { force: true });
    throw thrown;
  }
}

async function kindOf(path: string): Promise<'file' | 'directory' | 'other' | 'none'> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return 'none';
  if (found.isFile()) return 'file';
  return found.isDirectory() ? 'directory' : 'other';
}

function unwritable(path: string, why: string, hint: string): UserError {
  return configError(path, `cannot write the results: ${why}`, hint);
}
