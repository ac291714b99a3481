import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { configError } from '../errors.js';
import { readJson } from './saved-record.js';
import type { SweepRequest } from './sweep/sweep-request.js';

/** Schema of the fields that a resumed command needs. */
const shape = v.object({
  schema: v.literal('tokenswarm/sweep'),
  version: v.literal(1),
  asked: v.record(v.string(), v.string()),
  seed: v.optional(v.number()),
});

/** Command of a folder's runs, and their seed if common. */
export interface SavedSweep {
  readonly asked: SweepRequest;
  readonly seed?: number | undefined;
}

/** Reads the command of a `sweep.json`. Undefined if there is no such file. Throws a UserError. */
export async function readSavedSweep(path: string): Promise<SavedSweep | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const read = v.safeParse(shape, readJson(path, text));
  if (read.success) return read.output;
  throw configError(
    path,
    'it was not written by sweep or capacity of this tokenswarm',
    'take another folder with --out, or --restart to start over in this one',
  );
}
