import { rm } from 'node:fs/promises';
import { join, parse } from 'node:path';
import type { Summary } from '../engine/metrics/snapshot.js';
import { isDevice, writeWhole } from './files.js';
import { summaryJson } from './json.js';
import type { Output } from './outputs.js';

/** Record of an unfinished run, kept in case it is killed. */
export interface Journal {
  /** Writes the record so far, if it is time. `elapsed` is in milliseconds since the load started. */
  note(elapsed: number): void;
  /** Ends the journal. Removed if the run's reports were written, else it keeps the whole record. */
  close(summary: Summary, reported: boolean): Promise<void>;
}

/** Time of the first record with figures: ms since the load started. */
const FIRST = 1000;

/**
 * Opens a journal beside a report: `results/run.journal` for `results/run.json`. It holds the record so far, in the
 * usual format, and is replaced atomically: never torn, and never longer than one record. A killed run loses
 * `period` milliseconds at most, and it exists from the load's start on. `onTrouble` is called once if it cannot be written. Undefined without a report to be beside.
 */
export async function openJournal(
  outputs: readonly Output[],
  period: number,
  recordSoFar: () => Summary | undefined,
  onTrouble: (error: unknown) => void,
): Promise<Journal | undefined> {
  const path = await journalPath(outputs);
  if (path === undefined) return undefined;
  let due = 0;
  let isTold = false;
  let writing = Promise.resolve();
  const write = async (summary: Summary) => {
    try {
      await writeWhole(path, summaryJson(summary));
    } catch (error) {
      // What fails once may go well again: a disk is not full for ever.
      if (!isTold) onTrouble(error);
      isTold = true;
    }
  };
  return {
    note(elapsed) {
      if (elapsed < due) return;
      due = elapsed < FIRST ? Math.min(FIRST, period) : elapsed + period;
      const summary = recordSoFar();
      // Writes are serial: an older record must not replace a newer one.
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
