import { Command } from 'commander';
import { ExitCode } from '../../engine/errors.js';
import { inspect } from '../../engine/run/inspect.js';
import { plotText, safeText, wantsAscii } from '../../reporters/index.js';
import type { Invocation } from '../invocation.js';
import { type Io, printLine } from '../io.js';
import { addFlags, type Given, readFlags } from '../run-flags.js';

/** `tokenswarm inspect`: plan of a scenario, without server and load. */
export function inspectCommand({ io, action }: Invocation): Command {
  const command = new Command('inspect')
    .description('print the plan of a scenario file as JSON, without running it')
    .argument('<file>', 'scenario, .ts or .js');
  return addFlags(command)
    .option('--plot', 'draw the load over time instead')
    .action(
      action((file: string, { plot }: { readonly plot?: boolean }) =>
        inspectFile(io, file, plot === true, readFlags(command, io.env)),
      ),
    );
}

async function inspectFile(
  { stdout, stderr, env, limits }: Io,
  file: string,
  plot: boolean,
  { settings }: Given,
): Promise<number> {
  const { inspection, profiles } = await inspect(file, settings, 'command line', { limits });
  for (const warning of inspection.warnings) printLine(stderr, safeText(warning));
  if (plot) stdout.write(plotText(profiles, { width: stdout.columns ?? 80, ascii: wantsAscii(env) }));
  else printLine(stdout, JSON.stringify(inspection, undefined, 2));
  return ExitCode.ok;
}
