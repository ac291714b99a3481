import type { ReaderRecord } from '../metrics/reader-record.js';
import type { DatasetUse, Quality } from '../metrics/snapshot.js';
import type { ShareRecord } from './share-files.js';

const WORST = ['valid', 'suspect', 'invalid'] as const satisfies readonly Quality['verdict'][];

/** Verdict of all machines: the worst of them, with the machine named. */
export function joinedQuality(
  merged: Quality,
  shares: readonly { readonly record: ShareRecord; readonly delay: number }[],
  together: number,
): Quality {
  const latest = Math.max(...shares.map(({ delay }) => delay));
  const apart = latest > together;
  const own = shares.map(({ record: { run, quality } }) => {
    const reasons = quality.reasons.filter((reason) => isOfMachine(reason) && !merged.reasons.includes(reason));
    return { name: `share ${run.share?.number}`, reasons, verdict: reasons.length > 0 ? quality.verdict : 'valid' };
  });
  const named = new Set(own.flatMap(({ reasons }) => reasons.map(formOf)));
  const reasons = [
    // Where the machine can be named, it is.
    ...merged.reasons.filter((reason) => !named.has(formOf(reason))),
    ...(apart ? [`the shares started up to ${(latest / 1000).toFixed(1)} s apart: use --start-together`] : []),
    ...own.flatMap(({ name, reasons: all }) => all.map((reason) => `${name}: ${reason}`)),
  ];
  const verdicts = [merged.verdict, apart ? 'suspect' : 'valid', ...own.map(({ verdict }) => verdict)];
  return { ...merged, verdict: WORST.findLast((each) => verdicts.includes(each)) ?? 'valid', reasons };
}

/** True unless the samples of all machines decide. */
function isOfMachine(reason: string): boolean {
  return !reason.startsWith('the threshold ');
}

/** Reason without its numbers. */
function formOf(reason: string): string {
  return reason.replace(/[\d.,]+/g, '#');
}

/** Use of data sets over all machines. A row drawn on two machines counts as two different ones. */
export function joinedDatasets(records: readonly ShareRecord[]): readonly DatasetUse[] {
  const byFile = new Map<string, DatasetUse>();
  for (const use of records.flatMap(({ datasets = [] }) => datasets)) {
    const known = byFile.get(use.file);
    const draws = use.draws + (known?.draws ?? 0);
    const distinct = Math.min(use.rows, use.distinct + (known?.distinct ?? 0));
    byFile.set(use.file, { ...use, draws, distinct, repeats: draws - distinct });
  }
  return [...byFile.values()];
}

/** Native readers of all machines; undefined where none has read. */
export function joinedReader(records: readonly ShareRecord[]): ReaderRecord | undefined {
  const readers = records.flatMap(({ reader }) => reader ?? []);
  const [first] = readers;
  if (!first) return undefined;
  const sum = (figure: (reader: ReaderRecord) => number) => readers.reduce((total, each) => total + figure(each), 0);
  const most = (figure: (reader: ReaderRecord) => number) => Math.max(...readers.map(figure));
  const reads = sum((reader) => reader.reads);
  const drifts = readers.map(({ clock }) => clock.drift);
  return {
    ...first,
    reads,
    unstamped: sum((reader) => reader.unstamped),
    delay: { mean: sum(({ delay, reads: own }) => delay.mean * own) / reads, max: most(({ delay }) => delay.max) },
    clock: {
      drift: drifts.reduce((worst, drift) => (Math.abs(drift) > Math.abs(worst) ? drift : worst), 0),
      steps: sum(({ clock }) => clock.steps),
      longestStep: most(({ clock }) => clock.longestStep),
    },
  };
}
