import type { TerminalStream } from '../terminal.js';

/** Buffered output of streams. */
export interface HeldOutput {
  /** Last lines written, for display meanwhile. */
  readonly latest: readonly string[];
  /** Drops the buffer. */
  forget(): void;
  /** Writes the buffer, and stops buffering. */
  release(): void;
}

/** Most chunks that are kept; older ones are dropped. */
const MOST = 1000;

const LATEST = 5;

/** Buffers all writes to these streams, which would corrupt a full screen. */
export function holdOutput(streams: readonly TerminalStream[]): HeldOutput {
  const held: { readonly stream: TerminalStream; readonly written: string | Uint8Array }[] = [];
  const latest: string[] = [];
  let lost = 0;
  const restore = streams.map((stream) => {
    const { write } = stream;
    stream.write = (written: string | Uint8Array, ...more: unknown[]) => {
      held.push({ stream, written });
      if (held.length > MOST) {
        held.shift();
        lost += 1;
      }
      const lines = (typeof written === 'string' ? written : Buffer.from(written).toString()).split('\n');
      latest.push(...lines.filter((line) => line.trim() !== ''));
      latest.splice(0, Math.max(0, latest.length - LATEST));
      const done = more.find((each) => typeof each === 'function') as (() => void) | undefined;
      if (done) process.nextTick(done);
      return true;
    };
    return () => {
      stream.write = write;
    };
  });
  return {
    latest,
    forget() {
      held.length = 0;
      latest.length = 0;
    },
    release() {
      for (const undo of restore.splice(0)) undo();
      const [first] = held;
      if (lost > 0) first?.stream.write(`… ${lost} earlier chunks of output were dropped\n`);
      for (const { stream, written } of held.splice(0)) stream.write(written);
    },
  };
}
