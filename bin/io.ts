import type { Environment } from '../engine/options/env-options.js';
import type { Limits } from '../engine/options/timing.js';
import type { RunTimingOptions } from '../engine/run/index.js';
import type { Keyboard, TerminalStream } from '../reporters/core.js';
import type { SimulatorProcess } from './simulator-process.js';

/** Process of a command: its streams, environment and signals. */
export interface Io extends RunTimingOptions {
  /** Keys of the dashboard. */
  readonly stdin: Keyboard;
  readonly stdout: TerminalStream;
  readonly stderr: TerminalStream;
  readonly env: Environment;
  /** Working directory: an absolute path. */
  readonly cwd: string;
  readonly signals: Signals;
  /** Ends the process at once, without waiting for anything. */
  readonly exit: (code: number) => void;
  /** Lowers the main thread's priority below the workers'. To be called once a second. */
  readonly lowerPriority: () => void;
  /** Process that has forked this one, and wants to be told. */
  readonly parent: Parent | undefined;
  /** Time limits of runs. Only tests change them, and give a clock or threads. */
  readonly limits: Limits;
  /** Simulator that was started before the command was loaded. */
  readonly simulator?: Promise<SimulatorProcess> | undefined;
}

/** Signals that ask to stop: Ctrl-C, `kill`, closed terminal, and Ctrl-\\. */
const STOPS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** Signal that asks a command to stop. */
export type StopSignal = (typeof STOPS)[number];

/** Source of signals; without a listener they end the process. */
interface Signals {
  on(signal: StopSignal, listener: () => void): unknown;
  off(signal: StopSignal, listener: () => void): unknown;
}

/** Calls the listener on each request to stop. The returned function ends that. */
export function onStop(signals: Signals, listener: () => void): () => void {
  // Windows has no SIGQUIT.
  const known = process.platform === 'win32' ? STOPS.slice(0, -1) : STOPS;
  for (const signal of known) signals.on(signal, listener);
  return () => {
    for (const signal of known) signals.off(signal, listener);
  };
}

/** Parent process. */
interface Parent {
  send(message: object): void;
  /** Calls the listener once the parent is gone. */
  onGone(listener: () => void): void;
}

/** Prints a line. */
export function printLine(stream: TerminalStream, text = ''): void {
  stream.write(`${text}\n`);
}
