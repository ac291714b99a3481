/**
 * Supervisor process of a server under test. It starts the server's command in its own process group, and ends the
 * whole group when told to, or when its parent is gone, even by `kill -9`. Then it removes keys from the log.
 */
import { spawn } from 'node:child_process';
import { type GuardReport, livingOf, MARK, signalAll } from './process-group.js';
import { hideKeys } from './server-log.js';

const [command = '', grace = '', log = ''] = process.argv.slice(2);
let keys: readonly string[] = [];
const mark = `${process.pid}-${Date.now()}`;

/** A process that is killed needs a moment to be gone. */
const LAST_WAIT = 5000;

const server = spawn('/bin/sh', ['-c', command], {
  detached: true,
  stdio: ['ignore', 'inherit', 'inherit'],
  env: { ...process.env, [MARK]: mark },
});

function send(report: GuardReport): void {
  if (process.connected) process.send?.(report, () => undefined);
}

server.once('spawn', () => send({ type: 'started', group: server.pid ?? 0 }));
server.once('error', (error) => send({ type: 'ended', how: error.message }));
server.once('exit', (code, signal) => {
  send({ type: 'ended', how: signal === null ? `exit code ${code}` : `by ${signal}` });
});

let stopping = false;

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  const group = server.pid;
  if (group !== undefined) {
    const living = () => livingOf(group, `${MARK}=${mark}`);
    signalAll(group, living(), 'SIGTERM');
    if (!(await areGone(living, Number(grace)))) {
      const until = Date.now() + LAST_WAIT;
      // What is being killed may have started others meanwhile.
      while (Date.now() < until && living().length > 0) {
        signalAll(group, living(), 'SIGKILL');
        await areGone(living, 100);
      }
    }
  }
  hideKeys(log, keys);
  process.exit(0);
}

async function areGone(living: () => readonly number[], patience: number): Promise<boolean> {
  const until = Date.now() + patience;
  while (living().length > 0) {
    if (Date.now() > until) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop());
process.once('message', (given: readonly string[]) => {
  keys = given;
});
process.once('disconnect', () => void stop());
if (!process.connected) void stop();
