import { type ChildProcess, fork } from 'node:child_process';
import { COMMAND } from './command.js';

/** Simulator in a process of its own. */
export interface Simulator {
  /** Base URL, without `/v1`. */
  readonly url: string;
}

/** Simulator of one test, with its process. */
export interface SimulatorChild extends Simulator {
  readonly child: ChildProcess;
  stop(): void;
}

let shared: Promise<Simulator> | undefined;

/** Simulator without flags that all test files of this process share. It ends with the process. */
export function sharedSimulator(): Promise<Simulator> {
  shared ??= forkSimulator().then(({ url, child }) => {
    child.removeAllListeners();
    child.unref();
    child.channel?.unref();
    return { url };
  });
  return shared;
}

/** Starts `tokenswarm simulate` with these flags on a free port. */
export function forkSimulator(...flags: readonly string[]): Promise<SimulatorChild> {
  const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const;
  const child = fork(COMMAND, ['simulate', '--port', '0', ...flags], { stdio: [...stdio] });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the simulator ended with ${code}`)));
    child.once('message', (message) => {
      const { url } = message as { readonly url: string };
      resolve({ url, child, stop: () => void child.kill() });
    });
  });
}
