import { basename, dirname, join } from 'node:path';
import { messageOf } from '../engine/errors.js';
import type { Run } from '../engine/run/index.js';
import { type Output, writeJson } from '../reporters/core.js';

/** Writes a summary during the run, beside the final one. Resolves to a message about it. */
export async function saveNow(
  running: Run,
  { file, outputs }: { readonly file: string; readonly outputs: readonly Output[] },
): Promise<string> {
  const summary = running.summaryNow();
  if (!summary) return 'there is nothing to write yet';
  const end = outputs.find(({ format }) => format.name === 'json')?.path ?? join('results', `${basename(file)}.json`);
  const name = basename(end).replace(/(\.[jt]s)?(\.json)?$/, '');
  const path = join(dirname(end), `${name}-after-${Math.round(summary.run.seconds)}s.json`);
  try {
    await writeJson(path, summary);
    return `wrote ${path}`;
  } catch (error) {
    return `cannot write ${path}: ${messageOf(error)}`;
  }
}
