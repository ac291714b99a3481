import { Command } from 'commander';
import { ExitCode, UserError } from '../../engine/errors.js';
import {
  createSimulator,
  type Fault,
  MISBEHAVIOURS,
  readFaults,
  type Simulator,
  type SimulatorOptions,
} from '../../engine/simulator/index.js';

interface Flags {
  readonly host: string;
  readonly port: number;
  readonly model: string;
  readonly apiKey?: string;
  readonly ttft?: number;
  readonly itl?: number;
  readonly tokens?: number;
  readonly maxNumSeqs: number;
  readonly seed: number;
  readonly misbehave?: readonly Fault[];
}

/** `tokenswarm simulate`: an LLM server without a GPU, in a process of its own. */
export function simulateCommand(): Command {
  return new Command('simulate')
    .description('serve an LLM without a GPU, in every protocol, to try scenarios on and to check measurements')
    .option('--port <number>', 'port to listen on; 0 takes a free one', integer('--port', 0, 65_535), 9009)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--model <name>', 'id of the served model', 'sim')
    .option('--api-key <key>', 'answer 401 to requests without this bearer token')
    .option('--ttft <ms>', 'fixed mode: time from a request to its first token (default: 50)', milliseconds('--ttft'))
    .option('--itl <ms>', 'fixed mode: time between two tokens (default: 10)', milliseconds('--itl'))
    .option('--tokens <count>', 'fixed mode: tokens of an answer (default: 100)', integer('--tokens', 0))
    .option('--max-num-seqs <count>', 'sequences in one batch', integer('--max-num-seqs', 1), 256)
    .option('--seed <number>', 'decides texts and lengths', integer('--seed', Number.MIN_SAFE_INTEGER), 1)
    .option(
      '--fail, --misbehave <what>',
      'what goes wrong: 429, or cut10-p5 for 5 % of requests; repeatable; see docs/simulator.md',
      faults,
    )
    .action(serve);
}

async function serve({ ttft, itl, misbehave = [], ...flags }: Flags): Promise<void> {
  const parent = process.send?.bind(process);
  if (parent) {
    // Ctrl-C reaches the whole process group; the simulator outlives it, so that its parent can end its run in order.
    process.on('SIGINT', () => {});
    process.once('disconnect', () => process.exit(ExitCode.ok));
    // The parent may be gone already, by a Ctrl-C while this was starting.
    if (!process.connected) process.exit(ExitCode.ok);
  }
  const simulator = await listen({ ...flags, ttftMs: ttft, itlMs: itl, faults: misbehave });
  const stop = () => simulator.close().then(() => process.exit(ExitCode.ok));
  process.once('SIGTERM', stop);
  if (!parent) process.once('SIGINT', stop);
  console.log(`tokenswarm simulator listens on ${simulator.url}`);
  parent?.({ type: 'listening', url: simulator.url });
}

async function listen(options: SimulatorOptions): Promise<Simulator> {
  try {
    return await createSimulator(options);
  } catch (error) {
    throw refusalOf(error, options) ?? error;
  }
}

function refusalOf(error: unknown, { host, port }: SimulatorOptions): UserError | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const exitCode = ExitCode.invalidConfig;
  if (code === 'EADDRINUSE') {
    const hint = 'stop the program that listens there, or take another port: --port 0 finds a free one';
    return new UserError(`port ${port} on ${host} is in use`, { where: '--port', hint, exitCode });
  }
  if (code === 'EACCES') {
    const hint = 'take a port of 1024 or above, or --port 0';
    return new UserError(`port ${port} on ${host} is not ours to open`, { where: '--port', hint, exitCode });
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    const hint = 'use 127.0.0.1 for this machine only, 0.0.0.0 for every network';
    return new UserError(`${host} is no address of this machine`, { where: '--host', hint, exitCode });
  }
  return undefined;
}

function faults(text: string, before: readonly Fault[] = []): readonly Fault[] {
  const { faults, unknown } = readFaults(text);
  if (faults.length > 0 && unknown.length === 0) return [...before, ...faults];
  const names = Object.keys(MISBEHAVIOURS).filter((name) => name !== 'status');
  throw expected('--misbehave', `an HTTP status or one of ${names.join(', ')}, then -p<percent>`, text);
}

function integer(flag: string, least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^-?\d+$/.test(text) && value >= least && value <= most) return value;
    throw expected(flag, most < 1e6 ? `an integer from ${least} to ${most}` : `an integer of at least ${least}`, text);
  };
}

function milliseconds(flag: string): (text: string) => number {
  return (text) => {
    if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
    throw expected(flag, 'milliseconds such as 50 or 0.5', text);
  };
}

function expected(flag: string, what: string, got: string): UserError {
  return new UserError(`expected ${what}, got ${JSON.stringify(got)}`, {
    where: flag,
    exitCode: ExitCode.invalidConfig,
  });
}
