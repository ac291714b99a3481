import { Command } from 'commander';
import { configError, ExitCode, type UserError } from '../../engine/errors.js';
import {
  createSimulator,
  FAULT_KINDS,
  type Fault,
  readFaults,
  type Simulator,
  type SimulatorOptions,
} from '../../engine/simulator/index.js';
import { addCardFlags, type CardFlags, cardOf } from '../card-flags.js';
import { expected, integer, milliseconds } from '../flag-values.js';
import type { Invocation } from '../invocation.js';
import { type Io, printLine } from '../io.js';

interface Flags extends CardFlags {
  readonly host: string;
  readonly port: number;
  readonly model?: string;
  readonly apiKey?: string;
  readonly ttft?: number;
  readonly itl?: number;
  readonly tokens?: number;
  readonly maxNumSeqs?: number;
  readonly seed: number;
  readonly misbehave?: readonly Fault[];
}

/** `tokenswarm simulate`: an LLM server without a GPU, as a process. */
export function simulateCommand({ io, action }: Invocation): Command {
  const command = new Command('simulate')
    .description('simulate an LLM server without a GPU, to try scenarios and check measurements')
    .option('--port <number>', 'port to listen on; 0 takes a free one', integer('--port', 0, 65_535), 9009)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--model <name>', 'id of the served model (default: sim; with --card the name of its model)')
    .option('--api-key <key>', 'answer 401 to requests without this bearer token')
    .option('--ttft <ms>', 'fixed mode: time from a request to its first token (default: 50)', milliseconds('--ttft'))
    .option('--itl <ms>', 'fixed mode: time between two tokens (default: 10)', milliseconds('--itl'))
    .option('--tokens <count>', 'fixed mode: tokens of an answer (default: 100)', integer('--tokens', 0))
    .option('--max-num-seqs <count>', 'sequences in one batch (default: 256)', integer('--max-num-seqs', 1))
    .option('--seed <number>', 'seed of texts and lengths', integer('--seed', Number.MIN_SAFE_INTEGER), 1)
    .option(
      '--fail, --misbehave <what>',
      'faults: 429, or cut10-p5 for 5 % of requests; repeatable; see docs/simulator.md',
      faults,
    );
  return addCardFlags(command).action(action((flags: Flags) => serve(io, flags)));
}

async function serve(io: Io, { ttft, itl, misbehave = [], ...flags }: Flags): Promise<number> {
  const { port, host, model, apiKey, tokens, maxNumSeqs, seed } = flags;
  const card = cardOf(flags, model, io.env);
  if (card && (ttft !== undefined || itl !== undefined)) {
    throw configError(
      ttft === undefined ? '--itl' : '--ttft',
      'the card determines the time of tokens',
      'leave out either this or --card',
    );
  }
  const { stdout, signals, parent, exit } = io;
  const stopping = new Promise<void>((resolve) => {
    signals.on('SIGTERM', resolve);
    // Ctrl-C reaches the whole process group; the simulator outlives it, so that its parent can end its run in order.
    signals.on('SIGINT', parent ? () => {} : resolve);
  });
  parent?.onGone(() => exit(ExitCode.ok));
  const simulator = await listen({
    ...{ port, host, model, apiKey, tokens, maxNumSeqs, seed },
    ...{ ttftMs: ttft, itlMs: itl, faults: misbehave },
    card: card && { ...card, maxNumSeqs },
  });
  printLine(stdout, `tokenswarm simulator listens on ${simulator.url}`);
  if (simulator.simulates) printLine(stdout, simulator.simulates);
  parent?.send({ type: 'listening', url: simulator.url });
  await stopping;
  await simulator.close();
  exit(ExitCode.ok);
  return ExitCode.ok;
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
  if (code === 'EADDRINUSE') {
    const hint = 'stop the program that listens there, or take another port: --port 0 finds a free one';
    return configError('--port', `port ${port} on ${host} is in use`, hint);
  }
  if (code === 'EACCES') {
    const hint = 'take a port of 1024 or above, or --port 0';
    return configError('--port', `port ${port} on ${host} may not be opened`, hint);
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    const hint = 'use 127.0.0.1 for this machine only, 0.0.0.0 for every network';
    return configError('--host', `${host} is not an address of this machine`, hint);
  }
  return undefined;
}

function faults(text: string, before: readonly Fault[] = []): readonly Fault[] {
  const { faults, unknown } = readFaults(text);
  if (faults.length > 0 && unknown.length === 0) return [...before, ...faults];
  const names = Object.keys(FAULT_KINDS).filter((name) => name !== 'status');
  throw expected('--misbehave', `an HTTP status or one of ${names.join(', ')}, then -p<percent>`, text);
}
