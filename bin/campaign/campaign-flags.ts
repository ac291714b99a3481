import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { type Command, Option } from 'commander';
import { parseDuration } from '../../engine/clock.js';
import { configError } from '../../engine/errors.js';
import { type SweepRequest, withoutSecrets } from '../../engine/results/sweep/sweep-request.js';
import type { Io } from '../io.js';
import { addFlags, type Given, readFlags, writtenFlags } from '../run-flags.js';
import { checkCommand } from './server-process.js';

/** Options of commands with several runs, besides those of a run. */
export interface CampaignFlags {
  readonly given: Given;
  /** `NAME=…` as written. */
  readonly vary: readonly string[];
  readonly labels: readonly string[];
  readonly folder: string;
  readonly restart: boolean;
  readonly server: string | undefined;
  /** Timeout of a server's start, in milliseconds. */
  readonly serverTimeout: number;
  /** Flags that affect what is measured, as written. */
  readonly written: SweepRequest;
}

/**
 * Adds the flags of several runs, and all flags of a run. `vary` is the form of the variable's values; `own` adds flags of
 * the command itself.
 */
export function addCampaignFlags(command: Command, vary: string, own: (group: Command) => Command): Command {
  const gather = (text: string, before: readonly string[] = []) => [...before, text];
  command
    .optionsGroup('The runs:')
    .addOption(new Option(`--vary <${vary}>`, 'variable of the scenario, and its values; repeatable').argParser(gather))
    .option('-o, --out <folder>', `folder of the records (default: results/${command.name()}-SCENARIO)`)
    .option('--restart', 'start over, and remove the results of an earlier command')
    .option('--server <command>', 'command that starts the server under test; {NAME} is a value or a label')
    .option('--server-timeout <time>', 'time limit for the server to become ready (default: 10m)');
  return addFlags(own(command));
}

/** Reads them. Throws a UserError. */
export function readCampaignFlags(file: string, command: Command, { env }: Io): CampaignFlags {
  const given = readFlags(command, env);
  const own = command.opts<{
    vary?: readonly string[];
    label?: readonly string[];
    out?: string;
    restart?: boolean;
    server?: string;
    serverTimeout?: string;
  }>();
  const { server, serverTimeout = '10m' } = own;
  const patience = parseDuration(serverTimeout);
  if (!patience) {
    throw configError('--server-timeout', `expected a time such as 10m or 90s, got ${JSON.stringify(serverTimeout)}`);
  }
  if (own.out !== undefined && /^[\w-]+(?::\w+)?=/.test(own.out)) {
    const hint = 'sweep.html, .md, .csv and .json are written there; tokenswarm report makes others of the records';
    throw configError('--out', `expected a folder, got ${JSON.stringify(own.out)}`, hint);
  }
  if (server !== undefined) checkCommand(server);
  if (server !== undefined && given.simulate) {
    throw configError('--server', 'excludes --simulate, which starts a server of its own: use one of the two');
  }
  return {
    given,
    vary: own.vary ?? [],
    labels: own.label ?? [],
    folder: own.out ?? join('results', `${command.name()}-${basename(file).replace(/\.\w+$/, '')}`),
    restart: own.restart === true,
    server,
    serverTimeout: patience,
    written: {
      ...Object.fromEntries(Object.entries(writtenFlags(command)).map(([flag, text]) => [flag, kept(flag, text)])),
      ...(server !== undefined && { '--server': withoutSecrets(server) }),
    },
  };
}

/** Name endings of secrets; MAX_TOKENS has none of them. */
const SECRET = /(?:key|token|secret|passw(?:or)?d|credentials?)$/i;

/** Text of a flag as stored. A possible secret is replaced by a digest, so that a change of it is noticed. */
function kept(flag: string, text: string): string {
  if (SECRET.test(flag)) return digest(text);
  return withoutSecrets(text);
}

/** Digest that identifies a text without storing it. */
export function digest(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}
