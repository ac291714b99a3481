import { resolve } from 'node:path';
import { configError, didYouMean } from '../engine/errors.js';
import type { LogRecord } from '../engine/metrics/log-record.js';
import type { Reporter } from '../engine/metrics/reporter.js';
import type { Summary } from '../engine/metrics/snapshot.js';
import { checkWritable, writeWhole } from './files.js';
import { FORMATS, type Format } from './formats.js';
import { asRecorded } from './json.js';
import { isLiveOutput, LIVE_NAMES } from './live-outputs.js';
import { splitOutput } from './output-text.js';

/** Requested report. */
export interface Output {
  /** Original text: `json=results/run.json`. */
  readonly text: string;
  readonly format: Format;
  readonly options: ReadonlySet<string>;
  readonly path: string;
}

/** File of a report. */
export interface RenderedFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

const BY_NAME = Object.fromEntries(FORMATS.map((format) => [format.name, format]));

/**
 * Parses `FORMAT=PATH` or `FORMAT:OPTION=PATH`. Throws a UserError that lists all mistakes; with `afterwards` also for
 * reports that need more than a run's record.
 */
export function readOutputs(texts: readonly string[], when: 'run' | 'afterwards' = 'run'): readonly Output[] {
  const read = texts.map(readOutput);
  // A duplicate is one report.
  const outputs = [
    ...new Map(read.filter((each) => typeof each !== 'string').map((each) => [keyOf(each), each])).values(),
  ];
  const late = when === 'afterwards' ? outputs.filter(isLive).map(tooLate) : [];
  const problems = [...read.filter((each) => typeof each === 'string'), ...clashes(outputs), ...late];
  if (problems.length === 0) return outputs;
  throw configError(
    '--out',
    problems.join('\n'),
    `formats are ${[...FORMATS.map(({ name }) => name), ...LIVE_NAMES].join(', ')}; for example --out json=results/run.json`,
  );
}

/** Checks, before any load, that reports can be written. Throws a UserError. */
export async function checkOutputs(outputs: readonly Output[]): Promise<void> {
  for (const path of outputs.flatMap(pathsOf)) await checkWritable(path);
}

/** Opens a report for a run. */
export function openReporter(output: Output): Reporter {
  const { text: name, format, options, path } = output;
  if (format.open) return format.open(name, path, options);
  const details = format.details?.(options);
  const records: LogRecord[] = [];
  return {
    name,
    ...(details && { details, onRecords: async (more: readonly LogRecord[]) => void records.push(...more) }),
    onEnd: (summary) => writeOutput(output, asRecorded(summary), records),
  };
}

/** Renders the files of a report, without writing them. */
export function renderOutput(
  { format, options, path }: Output,
  summary: Summary,
  records: readonly LogRecord[] = [],
): readonly RenderedFile[] {
  return format.files.map(({ suffix, render }) => ({
    path: path + suffix,
    content: render(summary, options, records),
  }));
}

/** Writes a report. Throws a UserError on failure. */
export async function writeOutput(output: Output, summary: Summary, records?: readonly LogRecord[]): Promise<void> {
  for (const { path, content } of renderOutput(output, summary, records)) await writeWhole(path, content);
}

/** Parsed output, or the mistake in it. */
function readOutput(text: string): Output | string {
  if (isLiveOutput(text)) return `${JSON.stringify(text)} can be made only while a run goes on`;
  const split = splitOutput(text, BY_NAME, LIVE_NAMES);
  if (typeof split === 'string') return split;
  const { format, options, path } = split;
  const shown = JSON.stringify(text);
  if (format.paths && !format.paths.fit(path)) return `${shown}: expected ${format.paths.expected}`;
  const known = Object.keys(format.options ?? {});
  const unknown = options.find((option) => !known.includes(option));
  if (unknown !== undefined) {
    const offered = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`;
    return `${shown}: ${format.name} has no option ${JSON.stringify(unknown)}${didYouMean(unknown, known)}; ${offered}`;
  }
  return { text, format, options: new Set(options), path };
}

/** Reports that would overwrite one another. */
function clashes(outputs: readonly Output[]): string[] {
  const owners = new Map<string, string>();
  const problems: string[] = [];
  for (const output of outputs) {
    for (const path of pathsOf(output).map((each) => resolve(each))) {
      const owner = owners.get(path);
      if (owner !== undefined)
        problems.push(`${JSON.stringify(owner)} and ${JSON.stringify(output.text)} are one file`);
      owners.set(path, output.text);
    }
  }
  return problems;
}

function isLive({ format, options }: Output): boolean {
  return format.open !== undefined || (format.details?.(options) !== undefined && !format.worksWithout?.(options));
}

function tooLate({ text }: Output): string {
  return `${JSON.stringify(text)} needs every request, and can be written only while a run goes on`;
}

function keyOf({ format, options, path }: Output): string {
  return [format.name, ...options, resolve(path)].join('\n');
}

function pathsOf({ format, path }: Output): string[] {
  return format.open ? [path] : format.files.map(({ suffix }) => path + suffix);
}
