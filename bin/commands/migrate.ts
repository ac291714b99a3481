import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { configError, ExitCode, messageOf, unreadable } from '../../engine/errors.js';
import { type Migrated, migrateK6 } from '../../engine/script/k6/migrate.js';
import type { Invocation } from '../invocation.js';
import { type Io, printLine } from '../io.js';
import { ownName } from '../own-name.js';

/** `tokenswarm migrate`: a script of k6 as a scenario of ours. */
export function migrateCommand({ io, action }: Invocation): Command {
  return new Command('migrate')
    .description('write a script of k6 as a scenario in TypeScript')
    .argument('<file>', 'script of k6, .js')
    .argument('[output]', 'file to write; default: beside it, .ts')
    .action(action((file: string, output?: string) => migrate(io, file, output)));
}

async function migrate(
  { stdout, cwd, env }: Io,
  file: string,
  output = file.replace(/\.[cm]?jsx?$/, '.ts'),
): Promise<number> {
  if (file.endsWith('.py')) {
    const hint = 'docs/k6.md shows what the parts of a locustfile are in a scenario';
    throw configError(file, 'this is Python, which is not converted', hint);
  }
  if (output === file) throw configError(file, 'this is no .js file', 'a script of k6 in TypeScript runs as it is');
  const { code, remarks } = migrateK6(file, await read(resolve(cwd, file), file));
  await write(resolve(cwd, output), output, code);
  printLine(stdout, `wrote ${output}${remarks.length > 0 ? `, with ${remarks.length} comments MIGRATE:` : ''}`);
  for (const { line, text } of remarks) printLine(stdout, `  ${file}:${line}  ${text}`);
  printLine(stdout, `now try: ${ownName(env)} inspect ${output}`);
  return ExitCode.ok;
}

async function read(path: string, file: string): Promise<Parameters<typeof migrateK6>[1]> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw configError(file, unreadable(error), 'give the path of a script of k6');
  }
}

async function write(path: string, file: string, code: Migrated['code']): Promise<void> {
  try {
    await writeFile(path, code, { flag: 'wx' });
  } catch (error) {
    const exists = (error as { readonly code?: string }).code === 'EEXIST';
    throw configError(
      file,
      exists ? 'the file exists already' : `cannot be written: ${messageOf(error)}`,
      exists ? 'give another name as second argument; nothing was overwritten' : 'does the folder exist?',
    );
  }
}
