import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { configError } from '../../engine/errors.js';
import { bundledFile } from '../../engine/own-files.js';
import { withoutSecrets } from '../../engine/results/sweep/sweep-request.js';
import { serverEnvironment } from '../../engine/script/child-environment.js';
import type { Io } from '../io.js';
import { type GuardReport, signalAll } from './process-group.js';
import { hideKeys, openLog } from './server-log.js';

/** Time for a server to end after SIGTERM, in milliseconds. After that it is killed. */
const GRACE = 15_000;

/** Server under test that we started. */
export interface ServerProcess {
  /** Description of its end; undefined while it runs. */
  readonly ended: string | undefined;
  /** Resolves when it has ended. */
  readonly ending: Promise<void>;
  /** Ends it with all of its children, and waits for that. */
  stop(): Promise<void>;
}

/** Environment and folder of a server; keys that its log must lack. */
interface Owner {
  readonly io: Pick<Io, 'env' | 'cwd'>;
  readonly keys: readonly string[];
}

/** Checks that a shell can parse a server's command. Throws a UserError. */
export function checkCommand(command: string): void {
  if (process.platform === 'win32')
    throw configError('--server', 'servers can be started on Linux and macOS only', 'start it by hand');
  if (command.trim() === '')
    throw configError('--server', 'the command is empty', "for example --server 'vllm serve MODEL'");
  const { status, stderr } = spawnSync('/bin/sh', ['-n', '-c', command], { encoding: 'utf8' });
  if (status === 0) return;
  const why =
    stderr
      .trim()
      .split('\n')[0]
      ?.replace(/^\/bin\/sh: (?:line )?(?:-c: )?/, '') ?? '';
  throw configError('--server', `the shell cannot read the command: ${why}`, `check the quotes of ${command}`);
}

/**
 * Starts a server by its command, and appends its log to `log`. `grace` is the time for it to end by itself, in
 * milliseconds.
 */
export function startServer(
  command: string,
  log: string,
  { io: { env, cwd }, keys }: Owner,
  grace = GRACE,
): ServerProcess {
  const file = openLog(log, withoutSecrets(command));
  const guard = fork(bundledFile('bin/campaign/server-supervisor.js'), [command, String(grace), log], {
    env: serverEnvironment(env),
    cwd,
    // A group of its own: Ctrl-C in the terminal is for us, and the run has still to be drained.
    detached: true,
    stdio: ['ignore', file, file, 'ipc'],
  });
  closeSync(file);
  // Not by its arguments or environment, which others may read.
  guard.send(keys, () => undefined);
  let group: number | undefined;
  let ended: string | undefined;
  let stopping = false;
  const gone = once(guard, 'exit');
  const ending = new Promise<void>((resolve) => {
    guard.on('message', (report: GuardReport) => {
      if (report.type === 'started') {
        group = report.group;
        return;
      }
      ended = report.how;
      resolve();
    });
    guard.once('exit', () => {
      // Somebody has killed the guard; then nobody but us knows of the server.
      if (!stopping && group !== undefined) signalAll(group, [], 'SIGKILL');
      ended ??= 'with its supervisor';
      resolve();
    });
  });
  return {
    get ended() {
      return ended;
    },
    ending,
    async stop() {
      stopping = true;
      if (guard.connected) guard.disconnect();
      if (guard.exitCode === null && guard.signalCode === null) await gone;
      // Here too: the guard may have been killed.
      hideKeys(log, keys);
    },
  };
}
