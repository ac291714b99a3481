import { stat } from 'node:fs/promises';
import { Command } from 'commander';
import { configError, ExitCode } from '../../engine/errors.js';
import { judge, parseConditions } from '../../engine/results/compare/condition.js';
import { compareFiles } from '../../engine/results/compare-files.js';
import {
  checkWritable,
  comparisonJson,
  comparisonReport,
  reportText,
  wantsColor,
  writeWhole,
  writtenReport,
} from '../../reporters/index.js';
import type { Invocation } from '../invocation.js';
import type { Io } from '../io.js';
import { readReports } from '../report-outputs.js';
import { compareBy } from './compare-by.js';

/** Writers of a comparison, by file format. */
const FORMATS = { ...writtenReport(comparisonReport), json: comparisonJson };

interface Flags {
  readonly by?: string;
  readonly failIf?: readonly string[];
  readonly out?: readonly string[];
}

/** `tokenswarm compare`: results of several runs or tools, side by side. */
export function compareCommand({ io, action }: Invocation): Command {
  const gather = (text: string, before: readonly string[] = []) => [...before, text];
  return new Command('compare')
    .description('compare results: records of runs, or the files of other tools')
    .argument('<files...>', 'two or more; each is compared with the first. With --by: files, folders or patterns')
    .option('--by <labels>', 'group records by their labels and rank the groups: gpu,model,tp')
    .option(
      '--fail-if <condition>',
      "exit with 99 if a figure changed like this: 'llm_ttft:p(95)>+10%'; repeatable",
      gather,
    )
    .option(
      '-o, --out <FORMAT=PATH>',
      'write html=, json= or markdown=FILE, with --by also csv=FILE; repeatable',
      gather,
    )
    .action(action((files: readonly string[], flags: Flags) => compareAll(io, files, flags)));
}

async function compareAll(io: Io, files: readonly string[], { by, failIf = [], out = [] }: Flags): Promise<number> {
  if (by !== undefined) return await compareGroups(io, files, by, failIf, out);
  const conditions = parseConditions(failIf);
  await refuseFolders(files);
  if (files.length < 2) {
    throw configError('<files>', 'expected two files or more', 'for example tokenswarm compare before.json after.json');
  }
  const outputs = readReports(out, FORMATS);
  for (const { path } of outputs) await checkWritable(path);
  const comparison = await compareFiles(files);
  // What cannot be judged is told below what can be read.
  let unjudged: unknown;
  const judged = (() => {
    try {
      return judge(conditions, comparison);
    } catch (error) {
      unjudged = error;
      return [];
    }
  })();
  const text = { color: wantsColor(io.stdout, io.env), indent: 2 };
  io.stdout.write(reportText(comparisonReport(comparison, judged), text));
  for (const { format: render, path } of outputs) await writeWhole(path, render(comparison, judged));
  if (unjudged !== undefined) throw unjudged;
  return judged.some(({ crossed }) => crossed) ? ExitCode.thresholdsFailed : ExitCode.ok;
}

/** Refuses places that are no files. Folders are for `--by`. */
async function refuseFolders(files: readonly string[]): Promise<void> {
  for (const file of files) {
    const found = await stat(file).catch(() => undefined);
    if (!found) throw configError(file, 'there is no such file', 'name files written by --out json=FILE');
    if (found.isDirectory()) {
      throw configError(file, 'it is a folder', 'name its files, or group all records in it: --by gpu,model,tp');
    }
  }
}

async function compareGroups(
  io: Io,
  places: readonly string[],
  text: string,
  failIf: readonly string[],
  out: readonly string[],
): Promise<number> {
  if (failIf.length > 0) {
    throw configError('--fail-if', 'it compares runs with the first, which --by does not', 'leave out one of the two');
  }
  const by = text.split(',').map((label) => label.trim());
  if (by.some((label) => label === '') || new Set(by).size < by.length) {
    throw configError(
      '--by',
      `expected labels, each once, got ${JSON.stringify(text)}`,
      'for example --by gpu,model,tp',
    );
  }
  await compareBy(io, places, by, out);
  return ExitCode.ok;
}
