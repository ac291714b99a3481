import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { configError, UserError } from '../errors.js';
import { type Benchmark, benchmarkOf } from './group/benchmark.js';
import type { LeftOut, RecordedRun } from './recorded-run.js';
import { readJson, readSaved, recordOf } from './saved-record.js';

/** Records found, and files that are not records. */
export interface FoundRecords {
  readonly runs: readonly RecordedRun[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Groups run records by their labels. `places` are files, folders (searched recursively) and patterns such as
 * `results/*.json`. Throws a UserError if no record is found, or if labels are contradictory.
 */
export async function benchmarkFiles(places: readonly string[], by: readonly string[]): Promise<Benchmark> {
  const { runs, leftOut } = await findRecords(places);
  return benchmarkOf(runs, by, leftOut);
}

/**
 * Reads all run records in some places. Skips files that tokenswarm writes beside them, such as the state of a sweep,
 * and reports all others. Throws a UserError if a place does not exist, or if no record is found.
 */
export async function findRecords(places: readonly string[]): Promise<FoundRecords> {
  const found = await Promise.all(places.map(filesAt));
  const files = [...new Set(found.flat())];
  const runs: RecordedRun[] = [];
  const leftOut: LeftOut[] = [];
  // Serial reading limits memory: records may be large, and many.
  for (const file of files) {
    try {
      const record = await readIfRecord(file);
      if (record) runs.push({ file, record });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      leftOut.push({ file, why: error.message });
    }
  }
  if (runs.length > 0) return { runs, leftOut };
  const told = leftOut.map(({ file, why }) => `\n${file}: ${why}`).join('');
  throw configError(
    places.join(' '),
    `there is no record of a run${told}`,
    'records are what --out json=FILE and tokenswarm sweep write',
  );
}

async function readIfRecord(file: string): Promise<RecordedRun['record'] | undefined> {
  const document = readJson(file, await readSaved(file));
  const { schema } = Object(document) as { readonly schema?: unknown };
  const isOther = typeof schema === 'string' && schema.startsWith('tokenswarm/') && schema !== 'tokenswarm/summary';
  return isOther ? undefined : recordOf(file, document);
}

async function filesAt(place: string): Promise<readonly string[]> {
  const found = await stat(place).catch(() => undefined);
  if (found && !found.isDirectory()) return [place];
  const matches = found
    ? (await glob('**/*.json', { cwd: place, expandDirectories: false })).map((name) => join(place, name))
    : isDynamicPattern(place)
      ? await glob(place, { expandDirectories: false })
      : [];
  if (matches.length > 0 || found) return matches.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  throw configError(
    place,
    isDynamicPattern(place) ? 'no file matches' : 'there is no such file or folder',
    'name files, folders, or a pattern in quotes such as "results/**/*.json"',
  );
}
