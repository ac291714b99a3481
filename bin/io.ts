import type { Environment } from '../engine/options/env-options.js';
import type { Keyboard, TerminalStream } from '../reporters/core.js';

/** Process of a command, as far as the command reads or writes it. */
export interface Io {
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
  /** Lets the worker threads go before this thread, for good. */
  readonly giveWay: () => void;
  /** Process that has forked this one, and wants to be told. */
  readonly parent: Parent | undefined;
}

/** Source of Ctrl-C and SIGTERM; without a listener they end the process. */
interface Signals {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  off(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
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
