import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../support/command.js';
import { pinned, TARGET_CORE } from './cores.js';

/** The programs in C, built. */
export interface Native {
  readonly target: string;
  readonly floor: string;
  readonly sleeper: string;
}

/** Builds the programs in C; undefined without a compiler that can. */
export function buildNative(): Native | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'tokenswarm-bench-'));
  const build = (name: string) => {
    const program = join(folder, name);
    const source = join(ROOT, 'test/bench/native', `${name}.c`);
    // What the compiler has to say goes to the user.
    const { status } = spawnSync('cc', ['-O2', '-o', program, source, '-lm'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return status === 0 ? program : undefined;
  };
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const [target, floor, sleeper] = [build('target'), build('floor'), build('sleeper')];
  return target && floor && sleeper ? { target, floor, sleeper } : undefined;
}

const SANITIZED = ['-g', '-O1', '-std=gnu11', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];

/** Builds the reader's fuzzer with sanitizers; returns its path. Throws without a fitting compiler. */
export function buildFuzz(folder: string): string {
  const program = join(folder, 'fuzz');
  const sources = ['test/bench/native/fuzz.c', 'native/stream.c'].map((name) => join(ROOT, name));
  const { status } = spawnSync('cc', [...SANITIZED, `-I${join(ROOT, 'native')}`, '-o', program, ...sources], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('the fuzzer was not built: it needs a C compiler (cc) with libasan and libubsan');
  return program;
}

/** True latencies since the last question, in milliseconds. */
export interface Truth {
  readonly ttft: { readonly count: number; readonly mean: number; readonly p99: number };
  /** Lateness of the target's own writes. */
  readonly latenessP99: number;
}

/** Tokens written and plain requests answered by the target so far. */
export interface Done {
  readonly tokens: number;
  readonly requests: number;
}

/** Target process, pinned to a core of its own. */
export interface Target {
  readonly port: number;
  readonly url: string;
  truth(): Promise<Truth>;
  done(): Promise<Done>;
  stop(): void;
}

/** Starts the target. */
export async function startTarget({ target }: Native): Promise<Target> {
  const [command = '', ...args] = pinned([TARGET_CORE], [target]);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  // Also when the bench breaks off: whoever reads its output would otherwise wait for the target.
  process.once('exit', () => child.kill());
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(line.toString());
  const url = `http://127.0.0.1:${port}`;
  const ask = async (path: string) => (await fetch(url + path)).json();
  return {
    port,
    url,
    truth: async () => (await ask('/stats')) as Truth,
    done: async () => (await ask('/done')) as Done,
    stop: () => child.kill(),
  };
}
