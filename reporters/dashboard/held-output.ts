/** What a stream is told, kept for later. */
export interface HeldOutput {
  /** The last lines, for whoever cannot wait. */
  readonly latest: readonly string[];
  /** Drops what was held so far. */
  forget(): void;
  /** From now on everything is written again, beginning with what was held. */
  release(): void;
}

/** So many pieces are kept; of more, the oldest are lost. */
const MOST = 1000;

const LATEST = 5;

/** Holds back what anybody writes to these streams: it would stand across a full screen. */
export function holdOutput(streams: readonly NodeJS.WriteStream[]): HeldOutput {
  const held: { readonly stream: NodeJS.WriteStream; readonly written: string | Uint8Array }[] = [];
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
      if (lost > 0) first?.stream.write(`… ${lost} earlier pieces of output were not kept\n`);
      for (const { stream, written } of held.splice(0)) stream.write(written);
    },
  };
}
