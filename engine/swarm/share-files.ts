import { configError } from '../errors.js';
import type { Definitions, SampleRecord } from '../metrics/share-record.js';
import type { RecordedInterval, Summary } from '../metrics/snapshot.js';

/** Parts of a share's record that stay in memory. */
const KEPT = [
  ...(['run', 'quality', 'environment', 'plan', 'windows', 'target', 'datasets'] as const),
  ...(['operator', 'server', 'gpu', 'reader'] as const),
] satisfies readonly (keyof Summary)[];

/** Record of a share without its samples. These are read when their turn comes. */
export type ShareRecord = { readonly [Name in (typeof KEPT)[number]]: Summary[Name] } & {
  readonly intervals: readonly Pick<RecordedInterval, 'at' | 'seconds' | 'planned'>[];
  /** Undefined in the record of a whole run. */
  readonly definitions: Definitions | undefined;
};

/** Record of a share, and its file. */
export interface ShareFile {
  readonly file: string;
  /** Length of the file, in bytes. */
  readonly size: number;
  readonly record: ShareRecord;
  /** Reads the whole record. Called once. */
  readonly read: () => Promise<Summary>;
}

/** Share that can be merged. */
export interface MergeableShare extends ShareFile {
  readonly record: ShareRecord & { readonly definitions: Definitions };
}

/** Takes from a record what stays in memory. */
export function shareRecord({ samples, intervals, ...summary }: Summary): ShareRecord {
  const kept = Object.fromEntries(KEPT.map((name) => [name, summary[name]])) as Pick<
    ShareRecord,
    (typeof KEPT)[number]
  >;
  return {
    ...kept,
    intervals: intervals.map(({ at, seconds, planned }) => ({ at, seconds, planned })),
    definitions: samples && definitionsOf(samples),
  };
}

function definitionsOf({ custom, thresholds, submetrics, hasTokenizer }: SampleRecord): Definitions {
  return { custom, thresholds, submetrics, hasTokenizer };
}

/** Records of one run, and its missing shares. */
interface Shares {
  readonly shares: readonly [MergeableShare, ...MergeableShare[]];
  readonly missing: readonly string[];
}

/** Start of a share's load on the clock of all, in milliseconds. */
export function startOf({ run }: Pick<ShareRecord, 'run'>): number {
  return Date.parse(run.startedAt) - (run.share?.clockOffset ?? 0);
}

/** File whose load began after the longest of all would have ended. Undefined where there is none. */
function separateRuns(shares: readonly MergeableShare[]): string | undefined {
  const end = Math.min(...shares.map(({ record }) => startOf(record))) + longestOf(shares);
  return shares.find(({ record }) => startOf(record) > end)?.file;
}

function longestOf(shares: readonly MergeableShare[]): number {
  return 1000 * Math.max(...shares.map(({ record }) => record.windows.whole.to));
}

/** Puts records in the order of their shares. Throws a UserError where they are not of one run. */
export function sharesInOrder(files: readonly ShareFile[]): Shares {
  const [first] = files;
  if (!first) throw configError('merge', 'there are no records', 'give the files of --out json=FILE of each share');
  const problems: string[] = [];
  const byNumber = new Map<number, MergeableShare>();
  const wanted = first.record.run.share;
  for (const each of files) {
    const { share, seed } = each.record.run;
    const { definitions } = each.record;
    const taken = share && byNumber.get(share.number);
    if (!share || !definitions) problems.push(`${each.file} is no share: it is the record of a whole run`);
    else if (!wanted || share.of !== wanted.of) {
      problems.push(`${each.file} is one of ${share.of} shares, ${first.file} one of ${wanted?.of ?? 1}`);
    } else if (share.fingerprint !== wanted.fingerprint) {
      problems.push(`${each.file} is of another script, plan, seed or version than ${first.file}`);
    } else if (seed !== first.record.run.seed) {
      problems.push(`${each.file} has the seed ${seed}, ${first.file} has ${first.record.run.seed}`);
    } else if (taken) problems.push(`${each.file} and ${taken.file} are both share ${share.number}`);
    else byNumber.set(share.number, { ...each, record: { ...each.record, definitions } });
  }
  const [lowest, ...others] = [...byNumber].sort(([a], [b]) => a - b).map(([, share]) => share);
  if (problems.length > 0 || !lowest) {
    throw configError(undefined, problems.join('\n'), 'merge the shares of one run');
  }
  const apart = separateRuns([lowest, ...others]);
  if (apart !== undefined)
    throw configError(
      apart,
      'it is of another run: its load and that of the others never met',
      'merge the shares of one run',
    );
  const count = wanted?.of ?? 1;
  const missing = Array.from({ length: count }, (_, n) => n + 1).filter((number) => !byNumber.has(number));
  return {
    shares: [lowest, ...others],
    missing: missing.map((number) => `share ${number} of ${count}`),
  };
}
