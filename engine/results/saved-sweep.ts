import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { configError } from '../errors.js';
import { readJson } from './saved-record.js';
import type { SweepRequest } from './sweep/sweep-request.js';

/** Schema of the fields that identify the command of a folder. */
const shape = v.object({
  schema: v.literal('tokenswarm/sweep'),
  version: v.literal(1),
  asked: v.record(v.string(), v.string()),
});

/** Reads the command of a `sweep.json`. Undefined if there is no such file. Throws a UserError. */
export async function readSweepRequest(path: string): Promise<SweepRequest | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const read = v.safeParse(shape, readJson(path, text));
  if (read.success) return read.output.asked;
  throw configError(
    path,
    'it was not written by sweep or capacity of this tokenswarm',
    'take another folder with --out, or --restart to start over in this one',
  );
}
