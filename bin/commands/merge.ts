import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { configError, unreadable } from '../../engine/errors.js';
import { readRecord } from '../../engine/results/saved-record.js';
import { mergeShares } from '../../engine/swarm/merge.js';
import { shareRecord } from '../../engine/swarm/share-files.js';
import {
  asRecorded,
  checkOutputs,
  findTextSummary,
  readOutputs,
  wantsColor,
  writeOutput,
} from '../../reporters/core.js';
import type { Invocation } from '../invocation.js';
import type { Io } from '../io.js';
import { openModules, sortOutputs } from '../own-reporters.js';
import { addFlags, type Given, readFlags } from '../run-flags.js';

/** `tokenswarm merge`: one record of a run on several machines. */
export function mergeCommand({ io, action }: Invocation): Command {
  const command = new Command('merge')
    .description('make one record of the shares of a run')
    .argument('<file...>', 'records of --out json=FILE, journals of killed shares, or a folder of them');
  return addFlags(command).action(action((files: string[]) => merge(io, files, readFlags(command, io.env))));
}

async function merge({ stdout, env }: Io, paths: readonly string[], { out, summary: form }: Given): Promise<number> {
  const { formats, modules, live } = sortOutputs(out);
  const outputs = readOutputs([...formats, ...live], 'afterwards');
  const textSummary = findTextSummary(form);
  await checkOutputs(outputs);
  const shares = [];
  for (const file of (await Promise.all(paths.map(filesIn))).flat()) {
    const { size } = await stat(file);
    const read = () => readRecord(file);
    shares.push({ file, size, record: shareRecord(await read()), read });
  }
  const merged = asRecorded(await mergeShares(shares));
  for (const output of outputs) await writeOutput(output, merged);
  for (const reporter of await openModules(modules)) await reporter.onEnd?.(merged);
  stdout.write(textSummary.render(merged, { color: wantsColor(stdout, env) }));
  return merged.run.exitCode;
}

/** Files of a path. A folder stands for its records, and the journals of shares that have none. */
async function filesIn(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch((error: unknown) => {
    throw configError(path, unreadable(error), 'give the records of the shares, or their folder');
  });
  if (!found.isDirectory()) return [path];
  const files = (await readdir(path)).sort().map((name) => join(path, name));
  const records = files.filter((file) => file.endsWith('.json'));
  const journals: string[] = [];
  for (const journal of files.filter((file) => file.endsWith('.journal'))) {
    const record = journal.replace(/\.journal$/, '.json');
    if (!records.includes(record) || (await isNewer(journal, record))) journals.push(journal);
  }
  // A journal goes with the end of its run, so one that is newer is of a later run that was killed.
  const before = journals.map((journal) => journal.replace(/\.journal$/, '.json'));
  return [...records.filter((record) => !before.includes(record)), ...journals];
}

async function isNewer(file: string, other: string): Promise<boolean> {
  return (await stat(file)).mtimeMs > (await stat(other)).mtimeMs;
}
