import { Command, CommanderError, type OutputConfiguration } from 'commander';
import { ExitCode, UserError } from '../engine/errors.js';
import { nameHere, placeInScenario } from '../engine/options/foreign-names.js';
import { VERSION } from '../engine/version.js';
import { wantsColor } from '../reporters/paint.js';
import { printError } from './error-text.js';
import type { Invocation } from './invocation.js';
import type { Io } from './io.js';
import { inOurWords } from './k6-words.js';
import { ownName } from './own-name.js';

function examples(name: string): string {
  return `
Examples:
  ${name} new my-test.ts
  ${name} try my-test.ts --simulate
  ${name} run my-test.ts --base-url http://127.0.0.1:8000/v1

${name} run --help lists the flags of a run.`;
}

/** Commands in the order of the help. Each is loaded on demand, for all of them take time. */
const COMMANDS: Readonly<Record<string, (invocation: Invocation) => Promise<Command>>> = {
  run: async (invocation) => (await import('./commands/run.js')).runCommand(invocation),
  sweep: async (invocation) => (await import('./commands/sweep.js')).sweepCommand(invocation),
  capacity: async (invocation) => (await import('./commands/capacity.js')).capacityCommand(invocation),
  try: async (invocation) => (await import('./commands/try.js')).tryCommand(invocation),
  inspect: async (invocation) => (await import('./commands/inspect.js')).inspectCommand(invocation),
  report: async (invocation) => (await import('./commands/report.js')).reportCommand(invocation),
  merge: async (invocation) => (await import('./commands/merge.js')).mergeCommand(invocation),
  compare: async (invocation) => (await import('./commands/compare.js')).compareCommand(invocation),
  advise: async (invocation) => (await import('./commands/advise.js')).adviseCommand(invocation),
  calibrate: async (invocation) => (await import('./commands/calibrate.js')).calibrateCommand(invocation),
  tokens: async (invocation) => (await import('./commands/tokens.js')).tokensCommand(invocation),
  trace: async (invocation) => (await import('./commands/trace.js')).traceCommand(invocation),
  worker: async (invocation) => (await import('./commands/worker.js')).workerCommand(invocation),
  simulate: async (invocation) => (await import('./commands/simulate.js')).simulateCommand(invocation),
  migrate: async (invocation) => (await import('./commands/migrate.js')).migrateCommand(invocation),
  new: async (invocation) => (await import('./commands/new.js')).newCommand(invocation),
};

/** Runs a command line, given without the program's name. Resolves to its exit code; never rejects. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let code: number = ExitCode.ok;
  const invocation: Invocation = {
    io,
    action:
      (act) =>
      async (...args) => {
        code = await act(...args);
      },
  };
  try {
    if (argv.length === 0) {
      (await programFor('--help', invocation)).outputHelp();
      return ExitCode.ok;
    }
    const program = await programFor(argv[0] ?? '', invocation);
    await program.parseAsync(inOurWords(argv), { from: 'user' });
    return code;
  } catch (error) {
    // Help and version end here as well; commander has printed what there is to say.
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.invalidConfig;
    printError(io, error);
    return error instanceof UserError ? error.exitCode : ExitCode.bug;
  }
}

/** Program with the requested command. Help and unknown names need all commands. */
async function programFor(asked: string, invocation: Invocation): Promise<Command> {
  const name = ownName(invocation.io.env);
  const program = new Command('tokenswarm')
    .description('Scripted load testing for LLM inference servers.')
    .version(VERSION)
    .showHelpAfterError(`(${name} --help lists all commands)`)
    .addHelpText('after', examples(name));
  const needsAll = !Object.hasOwn(COMMANDS, asked) && asked !== '--version' && asked !== '-V';
  for (const [called, load] of Object.entries(COMMANDS)) {
    if (called === asked || needsAll) program.addCommand(await load(invocation));
  }
  for (const command of program.commands)
    command.showHelpAfterError(`(${name} ${command.name()} --help lists its flags)`);
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ ...outputOf(invocation.io), outputError: withHint(command, name) });
  }
  return program;
}

/** Writer of commander's errors, which names our flag for another tool's. */
function withHint(command: Command, name: string): NonNullable<OutputConfiguration['outputError']> {
  const { options } = command;
  return (text, write) => {
    if (text.startsWith('error: too many arguments')) {
      const [surplus] = command.args.slice(command.registeredArguments.length);
      // A flag whose value may be left out takes one after "=" alone.
      const isPort = /^\d+$/.test(surplus ?? '') && options.some(({ long }) => long === '--web');
      const cause = isPort ? `for --web write --web=${surplus}` : 'a flag missing before it?';
      write(`error: the argument ${JSON.stringify(surplus)} is one too many: ${cause}\n`);
      return;
    }
    const scenario = /unknown command '(.+\.[cm]?[jt]sx?)'/.exec(text)?.[1];
    if (scenario !== undefined) {
      write(`error: ${JSON.stringify(scenario)} is no command; to run it: ${name} run ${scenario}\n`);
      return;
    }
    const written = /unknown option '--?([\w-]+)/.exec(text)?.[1] ?? '';
    const option = nameHere(written);
    const place = placeInScenario(written);
    const ours = option && `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    const isOffered = options.some(({ long }) => long === ours);
    const hint = isOffered ? `Here it is ${ours}` : place && `Here ${place}`;
    write(hint ? `${text.replace(/\n\(Did you mean .*\n?/, '\n').trimEnd()}\n(${hint})\n` : text);
  };
}

/** Streams of help and of commander's own errors. */
function outputOf({ stdout, stderr, env }: Io): OutputConfiguration {
  return {
    writeOut: (text) => stdout.write(text),
    writeErr: (text) => stderr.write(text),
    getOutHelpWidth: () => (stdout.isTTY ? stdout.columns : undefined) ?? 80,
    getErrHelpWidth: () => (stderr.isTTY ? stderr.columns : undefined) ?? 80,
    getOutHasColors: () => wantsColor(stdout, env),
    getErrHasColors: () => wantsColor(stderr, env),
  };
}
