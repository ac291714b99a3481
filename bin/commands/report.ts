import { Command } from 'commander';
import { readRecord } from '../../engine/index.js';
import { checkOutputs, findTextSummary, readOutputs, wantsColor, writeOutput } from '../../reporters/core.js';
import { addFlags, readFlags } from '../run-flags.js';

/** `tokenswarm report`: the reports of a run again, from its saved record. */
export function reportCommand(): Command {
  const command = new Command('report')
    .description('make reports again from what --out json=FILE has written')
    .argument('<file>', 'record of a run, or the journal of one that was killed');
  return addFlags(command).action(async (file: string) => {
    const { out, summary: form } = readFlags(command);
    const outputs = readOutputs(out, 'afterwards');
    const textSummary = findTextSummary(form ?? (outputs.length > 0 ? 'none' : undefined));
    const summary = await readRecord(file);
    await checkOutputs(outputs);
    for (const output of outputs) await writeOutput(output, summary);
    process.stdout.write(textSummary.render(summary, { color: wantsColor(process.stdout, process.env) }));
  });
}
