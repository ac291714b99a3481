import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { configError } from '../../engine/errors.js';
import { fileName, type PlannedRun } from '../../engine/results/sweep/planned-run.js';
import { fillCommand, placeholdersOf } from '../../engine/results/sweep/server-command.js';
import { withoutSecrets } from '../../engine/results/sweep/sweep-request.js';
import type { ReadinessCheck } from '../../engine/run/readiness.js';
import type { Io } from '../io.js';
import { tailOf } from './server-log.js';
import { type ServerProcess, startServer } from './server-process.js';

/** Server under test, restarted for each setting in its command. */
export interface ManagedServer {
  /** Starts the server of a run where it is not running. Throws a UserError. */
  ensureFor(run: PlannedRun): Promise<void>;
  /** Describes how the server ended, with its log's end. Undefined while it runs. */
  died(): string | undefined;
  stop(): Promise<void>;
}

/** Settings of a managed server. */
export interface ServerSetup {
  readonly command: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Folder of its logs. */
  readonly folder: string;
  /** Timeout of its start, in milliseconds. */
  readonly patience: number;
  readonly look: ReadinessCheck;
  /** Redacts the key, which servers may log. */
  readonly redact: (text: string) => string;
  /** Keys to keep out of its log. */
  readonly keys: readonly string[];
  readonly signal: AbortSignal;
  readonly report: (text: string) => void;
  readonly io: Io;
}

/** Interval of readiness checks, in milliseconds. */
const PERIOD = 300;

/** Creates a manager of servers; starts none yet. */
export function manageServer(setup: ServerSetup): ManagedServer {
  let current: { readonly command: string; readonly log: string; readonly server: ServerProcess } | undefined;
  const stop = async () => {
    await current?.server.stop();
    current = undefined;
  };
  return {
    async ensureFor({ values }) {
      const command = fillCommand(setup.command, { ...setup.labels, ...values });
      if (current?.command === command && current.server.ended === undefined) return;
      await stop();
      const taken = (await setup.look()).find(({ state }) => state !== 'unreachable');
      if (taken) throw configError('--server', `${taken.address} is in use by another server`, TAKEN);
      const log = join(setup.folder, logName(setup.command, values));
      setup.report(`starting ${withoutSecrets(command)} (log: ${log})`);
      const server = startServer(command, log, setup);
      current = { command, log, server };
      try {
        await untilReady(server, log, setup);
      } catch (error) {
        await stop();
        throw error;
      }
    },
    died() {
      const how = current?.server.ended;
      return current && how !== undefined ? `the server ended (${how})${setup.redact(tailOf(current.log))}` : undefined;
    },
    stop,
  };
}

const TAKEN = 'stop that server, or give the new one another port, in its command and with --base-url';

async function untilReady(server: ServerProcess, log: string, { look, redact, patience, signal, report }: ServerSetup) {
  const begun = Date.now();
  for (;;) {
    const there = await look();
    if (server.ended !== undefined) {
      throw configError(
        '--server',
        `the server ended before it was ready (${server.ended})${redact(tailOf(log))}`,
        `its log is ${log}`,
      );
    }
    if (there.every(({ state }) => state === 'ready')) break;
    if (Date.now() - begun > patience) {
      const address = there.find(({ state }) => state !== 'ready')?.address;
      throw configError(
        '--server',
        `${address} did not answer within ${patience / 1000} s${redact(tailOf(log))}`,
        'give the server more time with --server-timeout, or its right address with --base-url',
      );
    }
    await Promise.race([wait(PERIOD, undefined, { signal }), server.ending]);
  }
  report(`the server is ready after ${((Date.now() - begun) / 1000).toFixed(1)} s`);
}

/** One log for each setting that the command names: `TP=2.server.log`. */
function logName(command: string, values: PlannedRun['values']): string {
  const named = placeholdersOf(command).flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [`${name}=${fileName(value)}.`];
  });
  return `${named.join(',').replaceAll('.,', ',')}server.log`;
}
