import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, wallTime } from '../clock.js';
import { configError, messageOf } from '../errors.js';
import type { MeetingPoint } from './meeting-point.js';

/** Readings of the file system's clock; the fastest counts. */
const READINGS = 5;

/** Meeting point in a folder that all machines see. Throws a UserError where it cannot be written. */
export async function folderMeeting(folder: string, clock: Clock): Promise<MeetingPoint> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw configError('--start-together', `cannot make the folder ${folder}: ${messageOf(error)}`);
  }
  const pathOf = (name: string) => join(folder, `${name}.json`);
  return {
    async put(name, text) {
      // Readers see the old text or the new one, never a part.
      const draft = join(folder, `.${name}-${randomUUID()}`);
      await writeFile(draft, text);
      await rename(draft, pathOf(name));
    },
    get: (name) => readFile(pathOf(name), 'utf8').catch(() => undefined),
    clockOffset: () => offsetOf(folder, clock),
    close: async () => undefined,
  };
}

/** Offset to the clock that stamps the folder's files. On a network file system that is the server's. */
async function offsetOf(folder: string, clock: Clock): Promise<number> {
  const probe = join(folder, `.clock-${randomUUID()}`);
  let best = { took: Number.POSITIVE_INFINITY, offset: 0 };
  for (let i = 0; i < READINGS; i += 1) {
    const before = wallTime(clock);
    await writeFile(probe, String(i));
    const after = wallTime(clock);
    const { mtimeMs } = await stat(probe);
    const took = after - before;
    if (took < best.took) best = { took, offset: (before + after) / 2 - mtimeMs };
  }
  await rm(probe, { force: true });
  return best.offset;
}
