import { constants } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join, parse } from 'node:path';
import type { RecordChange } from '../engine/metrics/record-change.js';
import type { Reporter } from '../engine/metrics/reporter.js';
import type { Snapshot, Summary } from '../engine/metrics/snapshot.js';
import { firstLine } from '../engine/results/journal.js';
import { isDevice, writeWhole } from './files.js';
import { roundedJson, summaryJson } from './json.js';
import type { Output } from './outputs.js';

/** Record of an unfinished run, kept in case it is killed. */
export interface Journal extends Reporter {
  /** Writes what changed in the record, if it is time. Resolves when it is written; never rejects. */
  onSnapshot(snapshot: Pick<Snapshot, 'elapsed'>): Promise<void>;
  /** Ends the journal. Removed if the run's reports were written, else it keeps the whole record. */
  close(summary: Summary, reported: boolean): Promise<void>;
}

/** Dependencies of a journal. */
export interface JournalOptions {
  /** Most milliseconds that a killed run loses. */
  readonly period: number;
  /** Change of the record since the last call, or all. Undefined before the load. */
  readonly changeOfRecord: (all: boolean) => RecordChange | undefined;
  /** Called once if it cannot be written. */
  readonly onTrouble: (error: unknown) => void;
  /** Most bytes of its file, beyond one whole record. */
  readonly mostBytes?: number;
}

/** Time of the first record with figures: ms since the load started. */
const FIRST = 1000;

/** Most bytes by default. That is twenty minutes or more, where all requests have one name. */
const MOST_BYTES = 32 * 2 ** 20;

/**
 * Opens a journal beside a report: `run.journal` for `run.json`. Its first line is the whole record, written
 * atomically. Each further one is appended and has what changed, so that a write costs the same after hours.
 * A line that a kill cut off is left out when it is read. After a failure, or when it has grown too long, all is
 * written anew. It exists from the load's start on. Undefined without a report to be beside.
 */
export async function openJournal(
  outputs: readonly Output[],
  { period, changeOfRecord, onTrouble, mostBytes = MOST_BYTES }: JournalOptions,
): Promise<Journal | undefined> {
  const path = await journalPath(outputs);
  if (path === undefined) return undefined;
  let due = 0;
  let isTold = false;
  /** Bytes of the file; undefined before it is written anew. */
  let size: number | undefined;
  let writing: Promise<void> | undefined;

  const further = async (known: number) => {
    const change = changeOfRecord(false);
    return change && (await append(path, known, lineOf(change)));
  };
  const anew = async () => {
    const change = changeOfRecord(true);
    if (!change) return;
    const line = lineOf(firstLine(change));
    await writeWhole(path, line);
    size = line.length;
  };
  const write = async () => {
    try {
      size = size === undefined || size >= mostBytes ? undefined : await further(size);
      if (size === undefined) await anew();
    } catch (error) {
      // What fails once may go well again: a disk is not full for ever.
      if (!isTold) onTrouble(error);
      isTold = true;
    }
  };
  return {
    name: path,
    async onSnapshot({ elapsed }) {
      if (elapsed < due || writing) return;
      due = elapsed < FIRST ? Math.min(FIRST, period) : elapsed + period;
      writing = write().finally(() => {
        writing = undefined;
      });
      await writing;
    },
    async close(summary, reported) {
      await writing;
      if (reported) await rm(path, { force: true });
      else await writeWhole(path, summaryJson(summary)).catch(onTrouble);
    },
  };
}

function lineOf(value: object): Uint8Array {
  return Buffer.from(`${roundedJson(value)}\n`);
}

/** Appends a line to a journal of `size` bytes. Returns its new size; undefined where it is another file, or none. */
async function append(path: string, size: number, line: Uint8Array): Promise<number | undefined> {
  try {
    const file = await open(path, constants.O_WRONLY | constants.O_APPEND);
    try {
      if ((await file.stat()).size !== size) return undefined;
      await file.appendFile(line);
      return size + line.length;
    } finally {
      await file.close();
    }
  } catch {
    // Written anew, it says why it cannot be.
    return undefined;
  }
}

async function journalPath(outputs: readonly Output[]): Promise<string | undefined> {
  const json = outputs.filter(({ format }) => format.name === 'json');
  for (const { path } of [...json, ...outputs]) {
    const { dir, name } = parse(path);
    if (!(await isDevice(path))) return join(dir, `${name}.journal`);
  }
  return undefined;
}
