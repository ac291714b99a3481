import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasNativeReader } from '../../../engine/client/reader/native-reader.js';
import type { Summary } from '../../../engine/index.js';
import { COMMAND, ROOT } from '../../support/command.js';
import type { StreamClient } from './client.js';

/** A run of one of the benchmark's scenarios. */
export interface OwnRun {
  /** Name of its file in test/bench/scenarios. With an ending it is a path from there. */
  readonly scenario: string;
  /** Variables that the scenario reads from `__ENV`. */
  readonly env?: Readonly<Record<string, string | number>>;
  readonly args?: readonly string[];
  /** Default: 1. */
  readonly workers?: number;
}

/** tokenswarm from the command line; the summary goes into the folder. */
export function ownCommand({ scenario, env = {}, args = [], workers = 1 }: OwnRun, folder: string): readonly string[] {
  return [
    process.execPath,
    COMMAND,
    'run',
    join(ROOT, 'test/bench/scenarios', /\.[jt]s$/.test(scenario) ? scenario : `${scenario}.ts`),
    '--quiet',
    '--no-preflight',
    ...['--workers', String(workers), '--out', `json=${join(folder, 'summary.json')}`],
    ...Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]),
    ...args,
  ];
}

/** Summary that the command has written into its folder. */
export function ownSummary(folder: string): Summary {
  return JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as Summary;
}

/** tokenswarm itself, with one worker. JavaScript reads. */
export const tokenswarmClient: StreamClient = ownClient('tokenswarm', 'streams');

/** tokenswarm with one worker and its native reader. */
export const nativeClient: StreamClient = {
  ...ownClient('tokenswarm, native reader', 'streams', 'native'),
  missing: () => (hasNativeReader() ? undefined : 'npm run build has found no C compiler'),
};

/** tokenswarm with a script that reads the clock in `onToken`. It reports each token's delay since the target wrote it. */
export const listeningClient: StreamClient = ownClient('tokenswarm', 'event-delay');

function ownClient(name: string, scenario: string, reader: 'native' | 'js' = 'js'): StreamClient {
  return {
    name,
    missing: () => undefined,
    command: ({ port, streams, spread, hold, model }, folder) =>
      ownCommand(
        {
          scenario,
          env: { STREAMS: streams, SPREAD: `${spread}ms`, HOLD: `${hold}ms` },
          args: ['--base-url', `http://127.0.0.1:${port}`, '--model', model, '--reader', reader],
        },
        folder,
      ),
    read(_, folder) {
      const { metrics } = ownSummary(folder);
      const { avg = 0, 'p(99)': p99 = 0 } = metrics.llm_ttft?.windows.whole ?? {};
      const delayP99 = metrics.event_delay?.windows.whole?.['p(99)'];
      return { ttft: { mean: avg, p99 }, ...(delayP99 !== undefined && { delayP99 }) };
    },
  };
}
