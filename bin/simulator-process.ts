import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { configError } from '../engine/errors.js';
import type { Environment } from '../engine/options/env-options.js';
import type { Settings } from '../engine/options/settings.js';
import { childEnvironment } from '../engine/script/child-environment.js';
import type { Io } from './io.js';

/** The embedded simulator in a process of its own, so that it does not share a thread with what measures it. */
export interface SimulatorProcess {
  /** What aims a run at it, past any proxy that the environment names. */
  readonly aim: Settings;
  stop(): void;
}

/** Starts the simulator on a free port and waits until it listens. */
export function startSimulator({ env, cwd }: Io): Promise<SimulatorProcess> {
  const child = fork(fileURLToPath(new URL('./tokenswarm.js', import.meta.url)), ['simulate', '--port', '0'], {
    env: childEnvironment(env),
    cwd,
    // A group of its own: Ctrl-C in the terminal is for us, and the run has still to be drained.
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => {
      const message = `the simulator ended at once (exit code ${code})`;
      reject(configError('--simulate', message));
    });
    child.on('message', (message: { readonly type: string; readonly url: string }) => {
      if (message.type === 'listening') resolve({ aim: aimAt(message.url, env), stop: () => child.disconnect() });
    });
  });
}

/** What aims a run at a server of this machine, past any proxy that the environment names. */
export function aimAt(baseUrl: string, environment: Environment): Settings {
  const { NO_PROXY, no_proxy } = environment;
  const except = [no_proxy ?? NO_PROXY, new URL(baseUrl).host].filter(Boolean).join(',');
  return { baseUrl, environment: { ...environment, NO_PROXY: except, no_proxy: except } };
}
