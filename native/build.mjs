// Compiles the reader in C where there is Linux and a C compiler: with each build, and in a package in its first run.
// Everything works without it, more slowly, so nothing here ever fails a build.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const BINARY = join(FOLDER, 'reader.node');
const FLAGS = ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-fPIC', '-shared', '-pthread', '-DNAPI_VERSION=8'];

const sources = readdirSync(FOLDER).filter((name) => name.endsWith('.c'));
const age = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const newest = Math.max(...readdirSync(FOLDER).map((name) => (name.endsWith('.node') ? 0 : age(join(FOLDER, name)))));

/**
 * Compiles the reader where it is missing or old, with `anew` in any case. Resolves to the reason why that cannot be done;
 * undefined where there is a binary.
 */
export async function buildReader(anew = false) {
  try {
    return await build(anew);
  } catch (error) {
    return error.message;
  }
}

async function build(anew) {
  if (process.platform !== 'linux') return 'it needs Linux';
  if (!anew && age(BINARY) > newest) return undefined;
  try {
    accessSync(FOLDER, constants.W_OK);
  } catch {
    return `${FOLDER} is not writable`;
  }
  rmSync(BINARY, { force: true });
  return await compile(BINARY);
}

/** Compiles into a file. Resolves to the reason why that cannot be done. */
export async function compile(binary) {
  const { default: headers } = await import('node-api-headers');
  const compiler = process.env.CC || 'cc';
  // Named for this process, since another may build at the same time.
  const fresh = `${binary}.${process.pid}`;
  const { status, error, stderr } = spawnSync(
    compiler,
    [...FLAGS, `-I${headers.include_dir}`, '-o', fresh, ...sources],
    {
      cwd: FOLDER,
      encoding: 'utf8',
    },
  );
  if (error) return `there is no C compiler (${compiler})`;
  if (status === 0) renameSync(fresh, binary);
  else rmSync(fresh, { force: true });
  return status === 0 ? undefined : `${compiler} failed: ${stderr.trim().split('\n').at(-1)}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problem = await buildReader();
  if (problem) process.stdout.write(`the native reader was not built: ${problem}\n`);
}
