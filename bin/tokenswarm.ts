#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';

// Each thread marks its garbage itself, in small steps: V8's helping threads would take turns with the workers where every
// core has one. A marking under way would not be told and V8 would abort, so this comes before the first module of ours.
setFlagsFromString('--no-concurrent-marking');

const { ExitCode } = await import('../engine/errors.js');
const { onStop } = await import('./io.js');

// A stop before a run listens ends it as later: not by the signal. Other commands may compute for long, and end by it.
if (['run', 'sweep', 'capacity'].includes(process.argv[2] ?? '')) {
  onStop(process, () => {
    if (process.listenerCount('SIGTERM') > 1) return;
    process.stderr.write('error stopped by the user before the load started\n');
    process.exit(ExitCode.externalAbort);
  });
}

const { startSimulator } = await import('./simulator-process.js');
const [command = '', ...flags] = process.argv.slice(2);
// Its process takes as long to start as this one to load the rest.
const isSimulated = ['run', 'try'].includes(command) && flags.includes('--simulate');
const simulator = isSimulated ? startSimulator({ env: process.env, cwd: process.cwd() }) : undefined;
simulator?.catch(() => undefined);

const { processIo, reportUnhandledErrors, surviveClosedTerminal } = await import('./process-io.js');
const { main } = await import('./cli.js');

const io = processIo(simulator);
reportUnhandledErrors(io);
surviveClosedTerminal();
process.exitCode = (await main([command, ...flags], io)) || process.exitCode;
// The command may have ended without it.
simulator?.then(({ stop }) => stop()).catch(() => undefined);
