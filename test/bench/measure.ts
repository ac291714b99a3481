import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Reported, StreamClient, StreamLoad } from './clients/client.js';
import { GENERATOR_CORE, pinned } from './cores.js';
import type { Done, Target, Truth } from './native.js';
import { cpuSeconds, residentBytes } from './processes.js';

/** Resources that a client used, by the units that the target counted. */
export interface Used {
  /** Microseconds of CPU of the client's processes for each token or request. */
  readonly cpuPerUnit: number;
  /** Tokens or requests each second while the load was at its full. */
  readonly unitsPerSecond: number;
  /** At the end of the hold. */
  readonly residentBytes: number;
  readonly stdout: string;
}

/** Outcome of a client under a load of streams. */
export interface Measured extends Used {
  readonly reported: Reported;
  readonly truth: Truth;
}

/** Milliseconds at each end of the hold without CPU measurement. */
const MARGIN = 500;

/** Runs a client under a load of streams, pinned to its core. */
export function measure(client: StreamClient, load: Omit<StreamLoad, 'port'>, target: Target): Promise<Measured> {
  return inFolder(async (folder) => {
    await target.truth();
    const used = await use(client.command({ ...load, port: target.port }, folder), load, 'tokens', target);
    return { ...used, reported: client.read(used.stdout, folder), truth: await target.truth() };
  });
}

/** Runs a command that loads the target, measuring it at full load. Times are in milliseconds. */
export async function use(
  command: readonly string[],
  { spread, hold }: { readonly spread: number; readonly hold: number },
  unit: keyof Done,
  target: Target,
): Promise<Used> {
  const before = (await target.done())[unit];
  const child = start(command);
  const output = textOf(child);
  const closed = once(child, 'close') as Promise<[number]>;
  while ((await target.done())[unit] === before) {
    if (child.exitCode !== null || child.signalCode)
      throw new Error(`ended without having asked for anything: ${command.join(' ')}`);
    await sleep(20);
  }
  await sleep(spread + MARGIN);
  const from = await look(child, target);
  await sleep(hold - 2 * MARGIN);
  const to = await look(child, target);
  const [code] = await closed;
  if (code !== 0) throw new Error(`exit code ${code}: ${command.join(' ')}`);
  const units = to.done[unit] - from.done[unit];
  return {
    cpuPerUnit: ((to.cpu - from.cpu) / units) * 1e6,
    unitsPerSecond: (units / (to.at - from.at)) * 1000,
    residentBytes: to.resident,
    stdout: output(),
  };
}

/** Runs a command to its end and returns what it printed. It is pinned to the generator's core unless others are named. */
export async function complete(command: readonly string[], cores = [GENERATOR_CORE]): Promise<string> {
  const child = launch(pinned(cores, command));
  const output = textOf(child);
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`exit code ${code}: ${command.join(' ')}`);
  return output();
}

/** Starts a command on the generator's core. */
export function start(command: readonly string[]): ChildProcess {
  return launch(pinned([GENERATOR_CORE], command));
}

/** Lends a temporary folder. */
export async function inFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'tokenswarm-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function launch([program = '', ...args]: readonly string[]): ChildProcess {
  return spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Collects what a process prints. */
function textOf({ stdout }: ChildProcess): () => string {
  let text = '';
  stdout?.on('data', (bytes: Buffer) => {
    text += bytes;
  });
  return () => text;
}

async function look({ pid = 0 }: ChildProcess, target: Target) {
  return { at: performance.now(), cpu: cpuSeconds(pid), resident: residentBytes(pid), done: await target.done() };
}
