import { configError } from '../errors.js';
import type { RecordedInterval, Summary } from '../metrics/snapshot.js';

/** Parts of a share's record that the merged run is made of. A hundred of them are in memory at once. */
export interface ShareRecord extends Omit<Summary, 'intervals' | 'histograms' | 'metrics' | 'thresholds'> {
  readonly intervals: readonly Pick<RecordedInterval, 'at' | 'seconds' | 'planned' | 'packed'>[];
}

/** Record of a share, and its file. */
export interface ShareFile {
  readonly file: string;
  readonly record: ShareRecord;
}

/** Record of a share with its exact contents. */
export type MergeableRecord = ShareRecord & Required<Pick<ShareRecord, 'samples'>>;

/** Leaves out what the merged record has anew. */
export function shareRecord({ histograms: _, metrics: __, thresholds: ___, ...record }: Summary): ShareRecord {
  const intervals = record.intervals.map(({ at, seconds, planned, packed }) => {
    return { at, seconds, planned, ...(packed !== undefined && { packed }) };
  });
  return { ...record, intervals };
}

/** Records of one run, and its missing shares. */
interface Shares {
  readonly records: readonly [MergeableRecord, ...MergeableRecord[]];
  readonly missing: readonly string[];
}

/** Puts records in the order of their shares. Throws a UserError where they are not of one run. */
export function sharesInOrder(files: readonly ShareFile[]): Shares {
  const [first] = files;
  if (!first) throw configError('merge', 'there are no records', 'give the files of --out json=FILE of each share');
  const problems: string[] = [];
  const byNumber = new Map<number, { readonly file: string; readonly record: MergeableRecord }>();
  const wanted = first.record.run.share;
  for (const each of files) {
    const { share, seed } = each.record.run;
    const { samples } = each.record;
    const taken = share && byNumber.get(share.number);
    if (!share || !samples) problems.push(`${each.file} is no share: it is the record of a whole run`);
    else if (!wanted || share.of !== wanted.of) {
      problems.push(`${each.file} is one of ${share.of} shares, ${first.file} one of ${wanted?.of ?? 1}`);
    } else if (share.fingerprint !== wanted.fingerprint) {
      problems.push(`${each.file} is of another script, plan, seed or version than ${first.file}`);
    } else if (seed !== first.record.run.seed) {
      problems.push(`${each.file} has the seed ${seed}, ${first.file} has ${first.record.run.seed}`);
    } else if (taken) problems.push(`${each.file} and ${taken.file} are both share ${share.number}`);
    else byNumber.set(share.number, { file: each.file, record: { ...each.record, samples } });
  }
  const [lowest, ...others] = [...byNumber].sort(([a], [b]) => a - b).map(([, { record }]) => record);
  if (problems.length > 0 || !lowest) {
    throw configError(undefined, problems.join('\n'), 'merge the shares of one run');
  }
  const count = wanted?.of ?? 1;
  const missing = Array.from({ length: count }, (_, n) => n + 1).filter((number) => !byNumber.has(number));
  return {
    records: [lowest, ...others],
    missing: missing.map((number) => `share ${number} of ${count}`),
  };
}
