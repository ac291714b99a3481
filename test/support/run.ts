import { type Run, run, type Settings, type Summary } from '../../engine/index.js';

/** Settings as the command line gives them when nothing is asked for, against this server. */
export function settings(
  baseUrl: string | undefined,
  more: Partial<Settings> = {},
  model = 'sim-ttft5-itl1-len5',
): Settings {
  return {
    load: {},
    target: { baseUrl, model, apiKey: undefined, preflight: true, env: {} },
    env: {},
    tags: {},
    labels: {},
    workers: undefined,
    seed: 1,
    ...more,
  };
}

/** Runs a scenario file to its summary. */
export async function runToEnd(file: string, given: Settings): Promise<Summary> {
  return await run(file, given).summary;
}

export type { Run };
