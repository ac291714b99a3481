import { rm } from 'node:fs/promises';
import { join, parse } from 'node:path';
import type { Summary } from '../engine/metrics/snapshot.js';
import { isDevice, writeWhole } from './files.js';
import { summaryJson } from './json.js';
import type { Output } from './outputs.js';

/** So often the record so far is put down, in milliseconds: what a killed run loses at most. */
const PERIOD = 10_000;

/** What is left of a run that is killed. */
export interface Journal {
  /** Puts the record so far down, where it is time; `elapsed` is in milliseconds since the load started. */
  note(elapsed: number): void;
  /** The run has come to its end: what its reports have in them needs no journal, else the whole record stays in it. */
  close(summary: Summary, reported: boolean): Promise<void>;
}

/**
 * A journal beside a report: `results/run.json` has `results/run.journal`. It is the record so far, in the form of any
 * record, and takes the place of the one before in one step: so it is never torn, and as long as one record however
 * long the run is. `onTrouble` is told once where it cannot be written. Undefined where there is no report to be beside.
 */
export async function openJournal(
  outputs: readonly Output[],
  recordSoFar: () => Summary | undefined,
  onTrouble: (error: unknown) => void,
): Promise<Journal | undefined> {
  const path = await journalPath(outputs);
  if (path === undefined) return undefined;
  let notedAt = 0;
  let broken = false;
  let writing = Promise.resolve();
  const write = async (summary: Summary) => {
    try {
      await writeWhole(path, summaryJson(summary));
    } catch (error) {
      if (!broken) onTrouble(error);
      broken = true;
    }
  };
  return {
    note(elapsed) {
      if (elapsed - notedAt < PERIOD || broken) return;
      notedAt = elapsed;
      const summary = recordSoFar();
      // One after the other: an older record must not take the place of a newer one.
      if (summary) writing = writing.then(() => write(summary));
    },
    async close(summary, reported) {
      await writing;
      if (reported) await rm(path, { force: true });
      else await write(summary);
    },
  };
}

async function journalPath(outputs: readonly Output[]): Promise<string | undefined> {
  const json = outputs.filter(({ format }) => format.name === 'json');
  for (const { path } of [...json, ...outputs]) {
    const { dir, name } = parse(path);
    if (!(await isDevice(path))) return join(dir, `${name}.journal`);
  }
  return undefined;
}
