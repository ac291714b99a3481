import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../../support/command.js';
import { has } from '../cores.js';
import type { StreamClient } from './client.js';

/** Set PYTHON to one that has the peers installed. */
export const PYTHON = process.env.PYTHON ?? 'python3';

/** Why a script that needs this module cannot be used here, if so. */
export function missingModule(module: string): string | undefined {
  if (!has(PYTHON)) return 'there is no Python';
  try {
    execFileSync(PYTHON, ['-c', `import ${module}`], { stdio: 'ignore' });
    return undefined;
  } catch {
    return `${module} is not installed: pip install ${module}`;
  }
}

/** A Python script that drives a library as its users do; it prints what it reports as JSON. */
function pythonClient(name: string, module: string, script: string, ...mode: readonly string[]): StreamClient {
  return {
    name,
    missing: () => missingModule(module),
    command: ({ port, streams, spread, hold, model }) => [
      PYTHON,
      join(ROOT, 'test/bench/peers', script),
      ...[port, streams, spread / 1000, hold / 1000, model].map(String),
      ...mode,
    ],
    read: (stdout) => JSON.parse(stdout.trim().split('\n').at(-1) ?? ''),
  };
}

/** How `vllm bench serve` reads streams. */
export const aiohttpClient = pythonClient('aiohttp', 'aiohttp', 'aiohttp_streams.py');
/** Locust's two users. */
export const locustFastClient = pythonClient('Locust FastHttpUser', 'locust', 'locust_streams.py', 'fast');
export const locustHttpClient = pythonClient('Locust HttpUser', 'locust', 'locust_streams.py', 'http');
