import { parentPort } from 'node:worker_threads';
import work, { type WorkerTask } from './worker.js';

// First file of a worker's thread, which is started before there is a task for it.
parentPort?.once('message', async (task: WorkerTask) => {
  await work(task);
  // It may not end by itself: a timer of the script's may run.
  parentPort?.postMessage('done');
});
