import { join } from 'node:path';
import { ROOT } from '../../support/command.js';
import { has } from '../cores.js';
import { missingModule, PYTHON } from './python.js';
import { ownCommand } from './tokenswarm.js';

/** Connections that each ask for one page again and again. */
interface PlainLoad {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
}

/** A generator of plain HTTP requests, used as its users use it. */
export interface PlainClient {
  readonly name: string;
  /** Why it cannot be used here, if so. */
  missing(): string | undefined;
  command(load: PlainLoad, folder: string): readonly string[];
}

/** tokenswarm's `http.get`, with one worker. */
export const ownPlainClient: PlainClient = {
  name: 'tokenswarm',
  missing: () => undefined,
  command({ port, connections, seconds }, folder) {
    const args = ['-u', String(connections), '-d', `${seconds}s`];
    return ownCommand({ scenario: 'plain', env: { URL: `http://127.0.0.1:${port}` }, args }, folder);
  },
};

/** tokenswarm with the script of k6 itself. */
export const k6ScriptClient: PlainClient = {
  name: 'tokenswarm, script of k6',
  missing: () => undefined,
  command({ port, connections, seconds }, folder) {
    const args = ['-u', String(connections), '-d', `${seconds}s`];
    return ownCommand({ scenario: '../peers/plain.js', env: { URL: `http://127.0.0.1:${port}` }, args }, folder);
  },
};

export const locustPlainClient: PlainClient = {
  name: 'Locust FastHttpUser',
  missing: () => missingModule('locust'),
  command: ({ port, connections, seconds }) => [
    PYTHON,
    join(ROOT, 'test/bench/peers/locust_plain.py'),
    ...[port, connections, seconds].map(String),
  ],
};

export const k6PlainClient: PlainClient = {
  name: 'k6',
  missing: () => missingCommand('k6'),
  command: ({ port, connections, seconds }) => [
    ...['k6', 'run', '--quiet', '--no-usage-report', '--vus', String(connections), '--duration', `${seconds}s`],
    ...['-e', `URL=http://127.0.0.1:${port}`, join(ROOT, 'test/bench/peers/plain.js')],
  ],
};

export const heyPlainClient: PlainClient = {
  name: 'hey',
  missing: () => missingCommand('hey'),
  command: ({ port, connections, seconds }) => [
    ...['hey', '-c', String(connections), '-z', `${seconds}s`, `http://127.0.0.1:${port}/plain`],
  ],
};

export const wrkPlainClient: PlainClient = {
  name: 'wrk',
  missing: () => missingCommand('wrk'),
  command: ({ port, connections, seconds }) => [
    ...['wrk', '-t', '1', '-c', String(connections), '-d', `${seconds}s`, `http://127.0.0.1:${port}/plain`],
  ],
};

function missingCommand(name: string): string | undefined {
  return has(name) ? undefined : `there is no ${name} on the PATH`;
}
