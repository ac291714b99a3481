import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { type CounterWay, type CountOrder, newResults, placeOf } from './counting.js';
import { refuse } from './tokenizer-file.js';

/** What the process is given: answers of a worker. */
export interface CounterOrder {
  readonly worker: number;
  readonly order: CountOrder;
}

/** What the process says: that it can count, or why not; and the tokens of the answers of an order. */
export type CounterWord =
  | 'ready'
  | { readonly message: string; readonly where: string; readonly hint: string }
  | { readonly worker: number; readonly counts: readonly number[] };

/** A process that counts tokens for all workers of a run. */
export interface Counter {
  /** For each worker, the way by which its `Counting` has texts counted. */
  readonly ways: readonly CounterWay[];
  /** Resolves when it can count. Rejects with a UserError where the tokenizer cannot be used. */
  readonly ready: Promise<void>;
  end(): Promise<void>;
}

/**
 * Starts a process with a tokenizer, of low priority: no worker has to tokenize, and where there are fewer cores than
 * threads the workers go first. It is no thread, because a thread of low priority is interrupted while it holds
 * what all of a process share, such as the lock of its memory, and the workers then wait for it: with more to do than
 * cores, for hundreds of milliseconds. When it dies the workers' ports close. This thread passes on what they send.
 */
export function startCounter(path: string, workers: number): Counter {
  const child = fork(fileURLToPath(new URL('./counter-process.js', import.meta.url)), [path], {
    execArgv: [],
    serialization: 'advanced',
    stdio: 'ignore',
  });
  const seats = Array.from({ length: workers }, (_, worker) => {
    const { port1: port, port2 } = new MessageChannel();
    const results = newResults();
    port.on('message', (order: CountOrder) => {
      // What it no longer takes, for it is gone, is missed when the port closes.
      child.send({ worker, order } satisfies CounterOrder, () => undefined);
    });
    port.unref();
    return { port, write: writerOf(results), way: { port: port2, results } };
  });
  const ready = new Promise<void>((resolve, reject) => {
    child.on('message', (word: CounterWord) => {
      if (word === 'ready') resolve();
      else if ('counts' in word) for (const tokens of word.counts) seats[word.worker]?.write(tokens);
      else reject(refuse(word.where, word.message, word.hint));
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      reject(new Error(`the process that counts tokens ended with ${signal ?? code}`));
      for (const { port } of seats) port.close();
    });
  });
  // Whoever waits for it hears of it; later than that it is the workers that miss it.
  ready.catch(() => undefined);
  return { ways: seats.map(({ way }) => way), ready, end: () => end(child, seats) };
}

/** Writes the tokens of one answer after the other where a worker looks for them. */
function writerOf(results: SharedArrayBuffer): (tokens: number) => void {
  const counted = new Int32Array(results);
  let answers = 0;
  return (tokens) => {
    counted[placeOf(answers)] = tokens;
    answers += 1;
    Atomics.add(counted, 0, 1);
  };
}

async function end(child: ReturnType<typeof fork>, seats: readonly { readonly port: MessagePort }[]): Promise<void> {
  for (const { port } of seats) port.close();
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
