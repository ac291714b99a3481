import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import type { LogDetails, LogRecord } from '../engine/metrics/log-record.js';
import type { Reporter } from '../engine/metrics/reporter.js';
import type { Snapshot } from '../engine/metrics/snapshot.js';

/** Content of a log file. */
export interface LogForm {
  readonly details: LogDetails;
  /** Header of the file. */
  readonly head: string;
  /** Encodes records as text; `startedAt` is the wall-clock start of the load. */
  readonly encode: (records: readonly LogRecord[], startedAt: Date) => string;
  /** Encodes the state of the run, each second. */
  readonly encodeState?: (snapshot: Snapshot, startedAt: Date) => string;
}

/** Open log file. */
interface OpenFile {
  readonly stream: Writable;
  /** Resolves when everything is written; rejects with the write error. */
  readonly done: Promise<void>;
}

/** Log file that grows during the run. Gzipped if its name ends in `.gz`. */
export function logFile(name: string, path: string, { details, head, encode, encodeState }: LogForm): Reporter {
  let opened: OpenFile | undefined;
  let isClosed = false;
  const file = () => {
    opened ??= open(path, head);
    return opened;
  };
  let started: Date | undefined;
  const write = async (text: string) => {
    const { stream, done } = file();
    if (text === '') return;
    // A failed stream repeats that for every write; only `done` has the cause.
    await new Promise<void>((resolve, reject) => {
      stream.write(text, (error) => (error ? done.then(() => reject(error), reject) : resolve()));
    });
  };
  return {
    name,
    details,
    onStart({ startedAt }) {
      started = startedAt;
      // Whoever follows the file sees it from the start on.
      file();
    },
    // Its failure is told with that of the records.
    onSnapshot: (snapshot) => {
      const text = started && !isClosed ? encodeState?.(snapshot, started) : undefined;
      if (text) void write(text).catch(() => undefined);
    },
    onRecords: (records, startedAt) => write(encode(records, startedAt)),
    async onLastRecord() {
      isClosed = true;
      const { stream, done } = file();
      stream.end();
      await done;
    },
  };
}

function open(path: string, head: string): OpenFile {
  const target = createWriteStream(path);
  // Compressed while the load runs: speed matters more than the last tenth of the size.
  const gzip = path.endsWith('.gz') ? createGzip({ level: constants.Z_BEST_SPEED }) : undefined;
  const done = gzip ? pipeline(gzip, target) : finished(target);
  // The next write reports the error.
  done.catch(() => undefined);
  const stream = gzip ?? target;
  stream.on('error', () => undefined);
  if (head !== '') stream.write(head);
  return { stream, done };
}
