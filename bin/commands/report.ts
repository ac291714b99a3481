import { Command } from 'commander';
import { ExitCode } from '../../engine/errors.js';
import { readRecord } from '../../engine/results/saved-record.js';
import { checkOutputs, findTextSummary, readOutputs, wantsColor, writeOutput } from '../../reporters/core.js';
import type { Invocation } from '../invocation.js';
import type { Io } from '../io.js';
import { openModules, sortOutputs } from '../own-reporters.js';
import { addFlags, type Given, readFlags } from '../run-flags.js';

/** `tokenswarm report`: the reports of a run again, from its saved record. */
export function reportCommand({ io, action }: Invocation): Command {
  const command = new Command('report')
    .description('write reports from a record of --out json=FILE')
    .argument('<file>', 'record of a run, or the journal of one that was killed');
  return addFlags(command).action(action((file: string) => report(io, file, readFlags(command, io.env))));
}

async function report({ stdout, env }: Io, file: string, { out, summary: form }: Given): Promise<number> {
  const { formats, modules, live } = sortOutputs(out);
  const outputs = readOutputs([...formats, ...live], 'afterwards');
  const textSummary = findTextSummary(form ?? (out.length > 0 ? 'none' : undefined));
  const summary = await readRecord(file);
  await checkOutputs(outputs);
  for (const output of outputs) await writeOutput(output, summary);
  for (const reporter of await openModules(modules)) await reporter.onEnd?.(summary);
  stdout.write(textSummary.render(summary, { color: wantsColor(stdout, env) }));
  return ExitCode.ok;
}
