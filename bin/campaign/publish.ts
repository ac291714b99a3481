import { join } from 'node:path';
import type { Sweep } from '../../engine/results/sweep/sweep.js';
import {
  reportText,
  sweepCsv,
  sweepJson,
  sweepReport,
  wantsAscii,
  wantsColor,
  writeWhole,
  writtenReport,
} from '../../reporters/index.js';
import type { Io } from '../io.js';
import { SWEEP_FILE } from './campaign-folder.js';

const PAGES = writtenReport((sweep: Sweep) => sweepReport(sweep));

/** Writes what several runs have come to so far into their folder. Throws a UserError. */
export async function writeSweep(folder: string, sweep: Sweep): Promise<void> {
  await writeWhole(join(folder, SWEEP_FILE), sweepJson(sweep));
  await writeWhole(join(folder, 'sweep.csv'), sweepCsv(sweep));
  await writeWhole(join(folder, 'sweep.html'), PAGES.html(sweep));
  await writeWhole(join(folder, 'sweep.md'), PAGES.markdown(sweep));
}

/** Text that says where the results of a sweep are. */
export function placeText(folder: string): string {
  return `charts and tables: ${join(folder, 'sweep.html')}; beside it a record of each run, sweep.md and sweep.csv`;
}

/** Prints a sweep: at the end on stdout, before on stderr. There only its changes. */
export function showSweep({ stdout, stderr, env }: Io, sweep: Sweep, when: 'at the end' | 'in between'): void {
  const brief = when === 'in between';
  const stream = brief ? stderr : stdout;
  const width = Math.max(60, Math.min(stream.columns || 100, 120));
  const look = { color: wantsColor(stream, env), isAscii: wantsAscii(env), width, indent: 2 };
  stream.write(reportText(sweepReport(sweep, brief), look));
}
