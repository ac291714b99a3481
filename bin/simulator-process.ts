import { fork } from 'node:child_process';
import { configError } from '../engine/errors.js';
import type { Environment } from '../engine/options/env-options.js';
import type { Settings } from '../engine/options/settings.js';
import { bundledFile } from '../engine/own-files.js';
import { childEnvironment } from '../engine/script/child-environment.js';

/** Environment and working directory of a process. */
interface Surroundings {
  readonly env: Environment;
  readonly cwd: string;
}

/** Embedded simulator, a process apart from what measures it. */
export interface SimulatorProcess {
  /** Settings that aim a run at it, without a proxy. */
  readonly aim: Settings;
  /** Ends it; without effect where it has ended. */
  stop(): void;
}

/** Starts the simulator on a free port and waits until it listens. */
export function startSimulator({ env, cwd }: Surroundings): Promise<SimulatorProcess> {
  const child = fork(bundledFile('bin/tokenswarm.js'), ['simulate', '--port', '0'], {
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
      if (message.type === 'listening')
        resolve({ aim: aimAt(message.url, env), stop: () => child.connected && child.disconnect() });
    });
  });
}

/** Settings that aim a run at a local server, without a proxy. */
export function aimAt(baseUrl: string, environment: Environment): Settings {
  const { NO_PROXY, no_proxy } = environment;
  const except = [no_proxy ?? NO_PROXY, new URL(baseUrl).host].filter(Boolean).join(',');
  return { baseUrl, environment: { ...environment, NO_PROXY: except, no_proxy: except } };
}
