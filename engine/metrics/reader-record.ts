/** Figures of one worker's native reader so far, times in milliseconds. */
export interface ReaderFigures {
  readonly reads: number;
  /** Reads without a stamp. They have the instant of the read. */
  readonly unstamped: number;
  /** Time from the stamps to the reads: sum and longest. */
  readonly lateSum: number;
  readonly lateMax: number;
  /** Monotonic clock less the real-time one: first, latest, time between. */
  readonly offsetFirst: number;
  readonly offsetLast: number;
  readonly over: number;
  /** Changes of the real-time clock that were no drift, and the largest. */
  readonly steps: number;
  readonly longestStep: number;
}

/** Native readers of a run, in its record. */
export interface ReaderRecord {
  readonly name: 'native';
  /** Source of instants: the kernel, at the arrival of bytes. */
  readonly stamps: 'kernel';
  readonly reads: number;
  readonly unstamped: number;
  /** Time from arrival to read, in milliseconds. It moves no instant. */
  readonly delay: { readonly mean: number; readonly max: number };
  readonly clock: {
    /** Change of the kernel's clock against the monotonic one, in ms. */
    readonly drift: number;
    /** Turns whose stamps were not used, since the clock had been set. */
    readonly steps: number;
    readonly longestStep: number;
  };
}

/** Adds what a reader did since. */
export function addFigures(before: ReaderFigures | undefined, since: ReaderFigures): ReaderFigures {
  if (!before) return since;
  return {
    ...since,
    reads: before.reads + since.reads,
    unstamped: before.unstamped + since.unstamped,
    lateSum: before.lateSum + since.lateSum,
    lateMax: Math.max(before.lateMax, since.lateMax),
  };
}

/** Record of all native readers; undefined where none has read. */
export function readerRecord(readers: readonly ReaderFigures[]): ReaderRecord | undefined {
  const sum = (field: keyof ReaderFigures) => readers.reduce((total, reader) => total + reader[field], 0);
  const longest = (field: keyof ReaderFigures) => Math.max(...readers.map((reader) => reader[field]));
  const reads = sum('reads');
  if (reads === 0) return undefined;
  const drifts = readers.map(({ offsetFirst, offsetLast }) => offsetLast - offsetFirst);
  return {
    name: 'native',
    stamps: 'kernel',
    reads,
    unstamped: sum('unstamped'),
    delay: { mean: sum('lateSum') / reads, max: longest('lateMax') },
    clock: {
      drift: drifts.reduce((most, drift) => (Math.abs(drift) > Math.abs(most) ? drift : most), 0),
      steps: sum('steps'),
      longestStep: longest('longestStep'),
    },
  };
}
