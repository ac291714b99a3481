import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../../support/command.js';
import { has } from '../cores.js';
import type { StreamClient } from './client.js';

/** Set PYTHON to one that has the peers installed. */
export const PYTHON = process.env.PYTHON ?? 'python3';

/** Reason why scripts cannot import this Python module; undefined if they can. */
export function missingModule(module: string): string | undefined {
  if (!has(PYTHON)) return 'there is no Python';
  try {
    execFileSync(PYTHON, ['-c', `import ${module}`], { stdio: 'ignore' });
    return undefined;
  } catch {
    return `${module} is not installed: pip install ${module}`;
  }
}

/** Client made of a Python script that prints its report as JSON. The script drives a library as the library's users do. */
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

/** Reads streams as `vllm bench serve` does. */
export const aiohttpClient = pythonClient('aiohttp', 'aiohttp', 'aiohttp_streams.py');
/** Locust's two users. */
export const locustFastClient = pythonClient('Locust FastHttpUser', 'locust', 'locust_streams.py', 'fast');
export const locustHttpClient = pythonClient('Locust HttpUser', 'locust', 'locust_streams.py', 'http');
