import { fork } from 'node:child_process';
import { once } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { configError } from '../errors.js';
import { bundledFile } from '../own-files.js';
import { type CounterChannel, type CountOrder, newResults, placeOf } from './counting.js';

/** Request to the counter process: answers of a worker. */
export interface CountRequest {
  readonly worker: number;
  readonly order: CountOrder;
}

/** Message of the counter process: ready, an error, or token counts. */
export type CounterMessage =
  | 'ready'
  | { readonly message: string; readonly where: string; readonly hint: string }
  | { readonly worker: number; readonly counts: readonly number[] };

/** Process that counts tokens for all workers of a run. */
export interface Counter {
  /** Channel of each worker's `TokenCounting`. */
  readonly channels: readonly CounterChannel[];
  /** Resolves once it can count. Rejects with a UserError for an unusable tokenizer. */
  readonly ready: Promise<void>;
  end(): Promise<void>;
}

/**
 * Starts a low-priority process with a tokenizer. Workers do not tokenize, and take precedence where there are fewer
 * cores than threads. It is not a thread, because a thread of low priority is interrupted while it holds locks of the
 * whole process, such as the allocator's, and the workers then wait for it: on a busy machine for hundreds of
 * milliseconds. When it dies the workers' ports close. This thread passes on what they send.
 */
export function startCounter(path: string, workers: number, environment: NodeJS.ProcessEnv = {}): Counter {
  const child = fork(bundledFile('engine/tokens/counter-process.js'), [path], {
    execArgv: [],
    env: environment,
    serialization: 'advanced',
    stdio: 'ignore',
  });
  const ports = Array.from({ length: workers }, (_, worker) => {
    const { port1: port, port2 } = new MessageChannel();
    const results = newResults();
    port.on('message', (order: CountOrder) => {
      // Orders to a dead process are lost; its workers learn of it when their port closes.
      child.send({ worker, order } satisfies CountRequest, () => undefined);
    });
    port.unref();
    return { port, write: writerOf(results), channel: { port: port2, results } };
  });
  const ready = new Promise<void>((resolve, reject) => {
    child.on('message', (message: CounterMessage) => {
      if (message === 'ready') resolve();
      else if ('counts' in message) for (const tokens of message.counts) ports[message.worker]?.write(tokens);
      else reject(configError(message.where, message.message, message.hint));
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      reject(new Error(`the process that counts tokens ended with ${signal ?? code}`));
      for (const { port } of ports) port.close();
    });
  });
  // A rejection is handled where `ready` is awaited; later the workers notice by their closed ports.
  ready.catch(() => undefined);
  return { channels: ports.map(({ channel }) => channel), ready, end: () => end(child, ports) };
}

/** Writes token counts, answer by answer, to a worker's results. */
function writerOf(results: SharedArrayBuffer): (tokens: number) => void {
  const counted = new Int32Array(results);
  let answers = 0;
  return (tokens) => {
    counted[placeOf(answers)] = tokens;
    answers += 1;
    Atomics.add(counted, 0, 1);
  };
}

async function end(child: ReturnType<typeof fork>, ports: readonly { readonly port: MessagePort }[]): Promise<void> {
  for (const { port } of ports) port.close();
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
