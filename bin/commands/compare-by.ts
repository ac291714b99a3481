import { benchmarkFiles } from '../../engine/results/benchmark-files.js';
import {
  benchmarkCsv,
  benchmarkJson,
  benchmarkReport,
  checkWritable,
  reportText,
  wantsColor,
  writeWhole,
  writtenReport,
} from '../../reporters/index.js';
import type { Io } from '../io.js';
import { readReports } from '../report-outputs.js';

/** Writers of grouped runs, by file format. */
const FORMATS = { ...writtenReport(benchmarkReport), json: benchmarkJson, csv: benchmarkCsv };

/** `tokenswarm compare --by`: runs grouped by their labels. */
export async function compareBy(
  io: Io,
  places: readonly string[],
  by: readonly string[],
  out: readonly string[],
): Promise<void> {
  const outputs = readReports(out, FORMATS);
  for (const { path } of outputs) await checkWritable(path);
  const benchmark = await benchmarkFiles(places, by);
  io.stdout.write(reportText(benchmarkReport(benchmark), { color: wantsColor(io.stdout, io.env) }));
  for (const { format: render, path } of outputs) await writeWhole(path, render(benchmark));
}
