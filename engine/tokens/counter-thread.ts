import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { UserError } from '../errors.js';
import type { CounterTask, CounterWord } from './counter.js';
import type { CountOrder, CountResult } from './counting.js';
import { openTokenizer } from './tokenizer.js';

/** The lowest that there is. */
const LAST = 19;

/** Where threads have priorities of their own, this one gets what the others leave. */
function stepBack(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), LAST);
  } catch {
    // A system without /proc: it is a thread like any other.
  }
}

/** Counts what comes through a port, as long as there is one. */
function serve(port: MessagePort, count: (text: string) => number): void {
  port.on('message', (order: CountOrder) => {
    const counts = order.map((parts) => parts.reduce((sum, part) => sum + count(part), 0));
    port.postMessage(counts satisfies CountResult);
  });
}

const { path, ports } = workerData as CounterTask;
const say = (word: CounterWord) => parentPort?.postMessage(word);
try {
  const { count } = openTokenizer(path);
  stepBack();
  for (const port of ports) serve(port, count);
  say('ready');
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  const { message, where = path, hint = '' } = error;
  say({ message, where, hint });
  for (const port of ports) port.close();
}
