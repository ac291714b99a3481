#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { Command, CommanderError } from 'commander';
import { ExitCode, UserError, VERSION } from '../engine/core.js';
import { printError } from './error-text.js';
import { tellStrays } from './process-errors.js';

// Each thread marks its garbage itself, in small steps: V8's helping threads would take turns with the workers where every
// core has one. Set before anything is marked, for a marking that has begun would not be told.
setFlagsFromString('--no-concurrent-marking');

const EXAMPLES = `
Examples:
  tokenswarm new my-test.ts
  tokenswarm try my-test.ts --simulate
  tokenswarm run my-test.ts --base-url http://127.0.0.1:8000/v1

tokenswarm run --help lists the flags of a run.`;

/** The commands, in the order in which help lists them. Each is loaded when it is asked for: all of them would take their time. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import('./commands/run.js')).runCommand(),
  sweep: async () => (await import('./commands/sweep.js')).sweepCommand(),
  capacity: async () => (await import('./commands/capacity.js')).capacityCommand(),
  try: async () => (await import('./commands/try.js')).tryCommand(),
  inspect: async () => (await import('./commands/inspect.js')).inspectCommand(),
  report: async () => (await import('./commands/report.js')).reportCommand(),
  compare: async () => (await import('./commands/compare.js')).compareCommand(),
  advise: async () => (await import('./commands/advise.js')).adviseCommand(),
  tokens: async () => (await import('./commands/tokens.js')).tokensCommand(),
  simulate: async () => (await import('./commands/simulate.js')).simulateCommand(),
  new: async () => (await import('./commands/new.js')).newCommand(),
};

const program = new Command('tokenswarm')
  .description('Scripted load testing for LLM inference servers.')
  .version(VERSION)
  .showHelpAfterError('(tokenswarm --help lists what there is)')
  .addHelpText('after', EXAMPLES);

const [asked = ''] = process.argv.slice(2);
for (const [name, load] of Object.entries(COMMANDS)) {
  // Help, and a name that is none, need all of them.
  if (name === asked || !Object.hasOwn(COMMANDS, asked)) program.addCommand(await load());
}

for (const command of [program, ...program.commands]) command.exitOverride();

tellStrays();
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Help and version end here as well; commander has printed what there is to say.
    process.exitCode = error.exitCode === 0 ? ExitCode.ok : ExitCode.invalidConfig;
  } else {
    printError(error);
    process.exitCode = error instanceof UserError ? error.exitCode : ExitCode.bug;
  }
}
