#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { Command, CommanderError } from 'commander';
import { ExitCode, UserError, VERSION } from '../engine/index.js';
import { adviseCommand } from './commands/advise.js';
import { capacityCommand } from './commands/capacity.js';
import { compareCommand } from './commands/compare.js';
import { inspectCommand } from './commands/inspect.js';
import { newCommand } from './commands/new.js';
import { reportCommand } from './commands/report.js';
import { runCommand } from './commands/run.js';
import { simulateCommand } from './commands/simulate.js';
import { studyCommand } from './commands/study.js';
import { sweepCommand } from './commands/sweep.js';
import { tokensCommand } from './commands/tokens.js';
import { tryCommand } from './commands/try.js';
import { printError } from './error-text.js';
import { tellStrays } from './strays.js';

// Each thread marks its garbage itself, in small steps: V8's helping threads would take turns with the workers where every
// core has one. Set before anything is marked, for a marking that has begun would not be told.
setFlagsFromString('--no-concurrent-marking');

const EXAMPLES = `
Examples:
  tokenswarm new my-test.ts
  tokenswarm try my-test.ts --simulate
  tokenswarm run my-test.ts --base-url http://127.0.0.1:8000/v1

tokenswarm run --help lists the flags of a run.`;

const program = new Command('tokenswarm')
  .description('Scripted load testing for LLM inference servers.')
  .version(VERSION)
  .showHelpAfterError('(tokenswarm --help lists what there is)')
  .addCommand(runCommand())
  .addCommand(sweepCommand())
  .addCommand(capacityCommand())
  .addCommand(tryCommand())
  .addCommand(inspectCommand())
  .addCommand(reportCommand())
  .addCommand(compareCommand())
  .addCommand(adviseCommand())
  .addCommand(tokensCommand())
  .addCommand(simulateCommand())
  .addCommand(newCommand())
  .addCommand(studyCommand(), { hidden: true })
  .addHelpText('after', EXAMPLES);

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
