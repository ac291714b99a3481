import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { refuse } from './tokenizer-file.js';

/** What the thread is given. */
export interface CounterTask {
  readonly path: string;
  readonly ports: readonly MessagePort[];
}

/** What the thread says of itself: that it can count, or why not. */
export type CounterWord = 'ready' | { readonly message: string; readonly where: string; readonly hint: string };

/** A thread that counts tokens for all workers of a run. */
export interface Counter {
  /** For each worker, the port that its `Counting` sends texts through. */
  readonly ports: readonly MessagePort[];
  /** Resolves when it can count. Rejects with a UserError where the tokenizer cannot be used. */
  readonly ready: Promise<void>;
  end(): Promise<void>;
}

/**
 * Starts a thread with a tokenizer, of the lowest priority where the system has such: no worker has to tokenize, and
 * where there are fewer cores than threads the workers go first. When it dies its ports close.
 */
export function startCounter(path: string, workers: number): Counter {
  const channels = Array.from({ length: workers }, () => new MessageChannel());
  const theirs = channels.map(({ port1 }) => port1);
  const thread = new Worker(new URL('./counter-thread.js', import.meta.url), {
    workerData: { path, ports: theirs } satisfies CounterTask,
    transferList: theirs,
  });
  const ready = new Promise<void>((resolve, reject) => {
    thread.once('message', (word: CounterWord) => {
      if (word === 'ready') resolve();
      else reject(refuse(word.where, word.message, word.hint));
    });
    thread.once('error', reject);
  });
  // Whoever waits for it hears of it; later than that it is the workers that miss it.
  ready.catch(() => undefined);
  return {
    ports: channels.map(({ port2 }) => port2),
    ready,
    async end() {
      await thread.terminate();
    },
  };
}
