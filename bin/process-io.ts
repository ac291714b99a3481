import { closeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { configError, ExitCode, messageOf, scriptError } from '../engine/errors.js';
import { LIMITS } from '../engine/options/timing.js';
import { placeOf } from '../engine/vu/script-error.js';
import { watchUnhandledErrors } from '../engine/workers/thread/unhandled-errors.js';
import { printError } from './error-text.js';
import type { Io } from './io.js';
import { lowerPriority } from './lower-priority.js';

/** Error codes of a closed pipe or terminal, whose output is dropped. */
const GONE = new Set(['EPIPE', 'EIO', 'ENXIO', 'EBADF']);

/** Exit code of Node when an awaited promise can never settle. */
const UNSETTLED = 13;

/** Surroundings of a command in a process of its own. */
export function processIo(simulator?: Io['simulator']): Io {
  const { stdout, stderr, env } = process;
  const send = process.send?.bind(process);
  return {
    // Opened by whoever reads it.
    get stdin() {
      const { stdin } = process;
      // A terminal that is closed can be read no more; its signal says so.
      if (stdin.listenerCount('error') === 0) stdin.on('error', () => undefined);
      return stdin;
    },
    stdout,
    stderr,
    env,
    cwd: process.cwd(),
    signals: process,
    limits: LIMITS,
    simulator,
    exit: (code) => process.exit(code),
    lowerPriority,
    parent: send && {
      send,
      onGone(listener) {
        process.once('disconnect', listener);
        // It may be gone already, by a Ctrl-C while this was starting.
        if (!process.connected) listener();
      },
    },
  };
}

/**
 * Prints unhandled errors of a scenario in the main thread. There the top of its file is read, and `tokenswarm try`
 * runs it. They end nothing, but an exit code of 0 becomes 107. A closed pipe (`| head`) is no error.
 */
export function reportUnhandledErrors(io: Io): void {
  let hasReported = false;
  const report = (message: string, where?: string) => {
    printError(io, scriptError(where, message));
    hasReported = true;
  };
  watchUnhandledErrors(
    ({ error, remark }) => report(messageOf(error) + remark, placeOf(error)),
    () => {
      if (process.exitCode === UNSETTLED) report('the scenario awaits a promise that never settles');
      if (hasReported && (!process.exitCode || process.exitCode === UNSETTLED))
        process.exitCode = ExitCode.scriptException;
    },
  );
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      if (code !== undefined && GONE.has(code)) return;
      printError(io, configError(undefined, `cannot write the output: ${message}`));
      process.exitCode = ExitCode.invalidConfig;
    });
  }
}

/** Keeps the exit code where the terminal is closed. Node aborts if it cannot restore one. */
export function surviveClosedTerminal(): void {
  const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor));
  process.on('exit', () => {
    for (const descriptor of terminals) if (!isatty(descriptor)) closeSync(descriptor);
  });
}
