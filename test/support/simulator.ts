import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Simulator in a process of its own. */
export interface SimulatorChild {
  readonly url: string;
  readonly child: ChildProcess;
  stop(): void;
}

/** Starts `tokenswarm simulate` with these flags on a free port. */
export function forkSimulator(...flags: readonly string[]): Promise<SimulatorChild> {
  const command = fileURLToPath(new URL('../../bin/tokenswarm.js', import.meta.url));
  const child = fork(command, ['simulate', '--port', '0', ...flags], { silent: true });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the simulator ended with ${code}`)));
    child.once('message', (message) => {
      const { url } = message as { readonly url: string };
      resolve({ url, child, stop: () => void child.kill() });
    });
  });
}
