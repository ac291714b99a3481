import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { main } from '../../bin/cli.js';
import type { StopSignal } from '../../bin/io.js';
import { type Limits, timingOf } from '../../engine/options/timing.js';
import type { VirtualTime } from './virtual-time.js';

/** Root folder of the project, found from the compiled tests. */
export const ROOT = findRoot(dirname(fileURLToPath(import.meta.url)));

function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder));
}

/** Path of the command line as it is shipped. */
export const COMMAND = join(ROOT, 'dist/bundle/bin/tokenswarm.js');

/** Output and exit code of a finished command. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Running command. */
export interface Running {
  /** Sends it a signal. */
  signal(name: StopSignal): void;
  readonly ended: Promise<Ended>;
  /** Resolves when stderr has shown this. */
  saw(text: string | RegExp): Promise<void>;
}

/** Command in a process of its own. */
export interface Spawned extends Running {
  readonly child: ChildProcess;
}

/** Environment and folder of a command. */
export interface Start {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Time limits of runs in this process, if unusual. */
  readonly limits?: Partial<Limits>;
  /** Time of runs in this process; real by default. */
  readonly time?: VirtualTime;
}

/**
 * Runs `tokenswarm` to its end, in this process. A process of its own, `alone`, is for what only a process has: what scripts
 * print, what they let loose in the main thread, and variables that Node itself reads.
 */
export function tokenswarm(args: readonly string[], start: Start & { readonly alone?: boolean } = {}): Promise<Ended> {
  return (start.alone ? spawnTokenswarm : startTokenswarm)(args, start).ended;
}

/** Starts `tokenswarm` in this process. */
export function startTokenswarm(args: readonly string[], start: Start = {}): Running {
  const { cwd = ROOT, env = {}, limits, time } = start;
  const [stdout, stderr] = [new Sink(), new Sink()];
  const signals = new EventEmitter();
  const leave = enter(cwd);
  const ended = new Promise<Ended>((resolve) => {
    const end = (code: number) => resolve({ code, stdout: stdout.text, stderr: stderr.text });
    const io = { stdin: new PassThrough(), stdout, stderr, env: { ...inherited(), ...env }, cwd, signals };
    const timing = { ...time?.timing, limits: timingOf({ limits }).limits };
    void main(args, { ...io, ...timing, exit: end, lowerPriority: () => undefined, parent: undefined }).then(end);
  }).finally(leave);
  return {
    signal: (name) => void signals.emit(name),
    ended: time ? time.clock.until(ended) : ended,
    saw: (text) => stderr.saw(text, ended),
  };
}

/** Starts `tokenswarm` in a process of its own, as a user does. */
export function spawnTokenswarm(args: readonly string[], { cwd = ROOT, env = {} }: Start = {}): Spawned {
  const child = spawn(process.execPath, [COMMAND, ...args], { cwd, env: { ...inherited(), ...env } });
  const [stdout, stderr] = [new Sink(), new Sink()];
  child.stdout.setEncoding('utf8').pipe(stdout);
  child.stderr.setEncoding('utf8').pipe(stderr);
  const ended = once(child, 'close').then(([code]) => {
    return { code: code as number | null, stdout: stdout.text, stderr: stderr.text };
  });
  return { child, signal: (name) => void child.kill(name), ended, saw: (text) => stderr.saw(text, ended) };
}

/** Variables of this process but the user's own OpenAI and proxy variables. */
function inherited(): Record<string, string | undefined> {
  const { OPENAI_BASE_URL: _, OPENAI_API_KEY: __, FORCE_COLOR: ___, ...rest } = process.env;
  return Object.fromEntries(Object.entries(rest).filter(([name]) => !/^(https?|all|no)_proxy$/i.test(name)));
}

/** Working directories of the commands that run in this process. */
const entered: string[] = [];
const home = process.cwd();

/** Changes the working directory, until the returned function is called. The engine's paths are relative to it. */
function enter(folder: string): () => void {
  const [other] = entered;
  if (other !== undefined && other !== folder) throw new Error(`a command still runs in ${other}`);
  entered.push(folder);
  process.chdir(folder);
  return () => {
    entered.pop();
    if (entered.length === 0) process.chdir(home);
  };
}

/** Keeps what is written to it. */
class Sink extends Writable {
  text = '';
  #look: () => void = () => undefined;

  constructor() {
    super({ decodeStrings: false, defaultEncoding: 'utf8' });
  }

  override _write(chunk: string | Buffer, _: BufferEncoding, done: () => void): void {
    this.text += chunk;
    this.#look();
    done();
  }

  /** Resolves when it has got this; rejects where the end comes first. */
  saw(text: string | RegExp, ended: Promise<unknown>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#look = () => {
        if (typeof text === 'string' ? this.text.includes(text) : text.test(this.text)) resolve();
      };
      void ended.then(() => reject(new Error(`ended without showing ${text}:\n${this.text}`)));
      this.#look();
    });
  }
}
