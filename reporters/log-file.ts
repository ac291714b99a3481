import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import type { LogDetails, LogRecord, LogSink } from '../engine/metrics/log-record.js';

/** What a log file consists of. */
export interface LogForm {
  readonly details: LogDetails;
  /** What stands before everything else. */
  readonly head: string;
  /** Records as text; the wall clock said `startedAt` when the load started. */
  readonly encode: (records: readonly LogRecord[], startedAt: Date) => string;
}

/** A file that is being written. */
interface OpenFile {
  readonly stream: Writable;
  /** Resolves when all of it has been written; rejects with what kept it from that. */
  readonly done: Promise<void>;
}

/** A file that grows while the run goes on; packed where its name ends in `.gz`. */
export function logFile(name: string, path: string, { details, head, encode }: LogForm): LogSink {
  let opened: OpenFile | undefined;
  const file = () => {
    opened ??= open(path, head);
    return opened;
  };
  return {
    name,
    details,
    async take(records, startedAt) {
      const { stream, done } = file();
      const text = encode(records, startedAt);
      if (text === '') return;
      // A stream that has failed says so to every write; why it has failed, only `done` knows.
      await new Promise<void>((resolve, reject) => {
        stream.write(text, (error) => (error ? done.then(() => reject(error), reject) : resolve()));
      });
    },
    async end() {
      const { stream, done } = file();
      stream.end();
      await done;
    },
  };
}

function open(path: string, head: string): OpenFile {
  const target = createWriteStream(path);
  // It is packed while the load runs: speed counts more than the last tenth of the size.
  const gzip = path.endsWith('.gz') ? createGzip({ level: constants.Z_BEST_SPEED }) : undefined;
  const done = gzip ? pipeline(gzip, target) : finished(target);
  // Whoever writes next is told.
  done.catch(() => undefined);
  const stream = gzip ?? target;
  stream.on('error', () => undefined);
  if (head !== '') stream.write(head);
  return { stream, done };
}
