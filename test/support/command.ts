import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root folder of the project, found from the compiled tests. */
export const ROOT = findRoot(dirname(fileURLToPath(import.meta.url)));

function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder));
}

/** Path of the compiled command line. */
export const COMMAND = fileURLToPath(new URL('../../bin/tokenswarm.js', import.meta.url));

/** Output and exit code of a finished command. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Running command. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when stderr has shown this. */
  saw(text: string | RegExp): Promise<void>;
}

/** Environment and folder of a command. */
export interface Start {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts `tokenswarm` with these arguments, without the user's own OpenAI and proxy variables. */
export function startTokenswarm(args: readonly string[], { cwd = ROOT, env = {} }: Start = {}): Running {
  const { OPENAI_BASE_URL: _, OPENAI_API_KEY: __, FORCE_COLOR: ___, ...inherited } = process.env;
  const own = Object.entries(inherited).filter(([name]) => !/^(https?|all|no)_proxy$/i.test(name));
  const child = spawn(process.execPath, [COMMAND, ...args], { cwd, env: { ...Object.fromEntries(own), ...env } });
  let stdout = '';
  let stderr = '';
  let look: () => void = () => undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    look();
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
  const saw = (text: string | RegExp) =>
    new Promise<void>((resolve, reject) => {
      look = () => {
        if (typeof text === 'string' ? stderr.includes(text) : text.test(stderr)) resolve();
      };
      void ended.then(() => reject(new Error(`ended without showing ${text}:\n${stderr}`)));
      look();
    });
  return { child, ended, saw };
}

/** Runs `tokenswarm` to its end. */
export function tokenswarm(args: readonly string[], start?: Start): Promise<Ended> {
  return startTokenswarm(args, start).ended;
}
