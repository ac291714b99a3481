import { Command } from 'commander';
import { inspect } from '../../engine/core.js';
import { plotText, safeText, wantsAscii } from '../../reporters/index.js';
import { addFlags, type Given, readFlags } from '../run-flags.js';

/** `tokenswarm inspect`: what a run would do, without a server and without load. */
export function inspectCommand(): Command {
  const command = new Command('inspect')
    .description('print the plan of a scenario file as JSON, without running it')
    .argument('<file>', 'scenario, .ts or .js');
  return addFlags(command)
    .option('--plot', 'draw the load over time instead')
    .action((file: string, { plot }: { readonly plot?: boolean }) =>
      inspectFile(file, plot === true, readFlags(command)),
    );
}

async function inspectFile(file: string, plot: boolean, { settings }: Given): Promise<void> {
  const { inspection, courses } = await inspect(file, settings, 'command line');
  for (const warning of inspection.warnings) console.error(safeText(warning));
  if (plot)
    process.stdout.write(plotText(courses, { width: process.stdout.columns ?? 80, ascii: wantsAscii(process.env) }));
  else console.log(JSON.stringify(inspection, undefined, 2));
}
