import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { configError, ExitCode, messageOf, unreadable } from '../errors.js';
import type { Quality, Summary } from '../metrics/snapshot.js';
import { packageFile } from '../own-files.js';
import { isJournal, recordInJournal } from './journal.js';
import { type JsonSchema, problemsIn } from './json-schema.js';

/** JSON schema of a record, shipped with the package. */
const SCHEMA = packageFile('reporters/summary.schema.json');
let recordSchema: JsonSchema | undefined;

/**
 * Reads a run record from an `--out json=FILE` report or a journal. The journal of an unfinished run is marked as
 * partial. Throws a UserError for any other file.
 */
export async function readRecord(path: string): Promise<Summary> {
  return recordOf(path, readJson(path, await readSaved(path)));
}

/** Reads a file of results, or the record in a journal. Throws a UserError with `hint` if it is unreadable. */
export async function readSaved(path: string, hint = 'give a file written by --out json=FILE'): Promise<string> {
  const text = await readFile(path, 'utf8').catch((thrown: unknown) => {
    throw configError(path, unreadable(thrown), hint);
  });
  if (text.trim() === '') throw configError(path, 'it is empty', 'where a run was killed, read the .journal beside it');
  return isJournal(text) ? JSON.stringify(recordInJournal(path, text)) : text;
}

/** Parses the text of a file as JSON. Throws a UserError. */
export function readJson(path: string, text: string, hint = SOURCE): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw configError(path, `it is not JSON: ${messageOf(thrown)}`, hint);
  }
}

/** Document as a run record. Throws a UserError if it is something else. */
export function recordOf(path: string, document: unknown): Summary {
  const { schema, version, tool } = Object(document) as { schema?: unknown; version?: unknown; tool?: unknown };
  if (schema !== 'tokenswarm/summary')
    throw configError(path, 'it is JSON of another kind, not the record of a run', SOURCE);
  if (version !== 1) {
    const writer = v.safeParse(v.object({ version: v.string() }), tool);
    const by = writer.success ? `, written by tokenswarm ${writer.output.version}` : '';
    const hint = 'read it with the tokenswarm that wrote it';
    throw configError(
      path,
      `it is a record of version ${JSON.stringify(version)}${by}; this tokenswarm reads version 1`,
      hint,
    );
  }
  recordSchema ??= JSON.parse(readFileSync(SCHEMA, 'utf8')) as JsonSchema;
  const problems = problemsIn(recordSchema, document);
  if (problems.length > 0) throw configError(path, `it is a damaged record:\n${problems.join('\n')}`, SOURCE);
  const summary = document as Summary;
  return summary.run.outcome === 'running' ? asPartial(summary) : summary;
}

/** Record of a run that was killed, or is still running. */
function asPartial(summary: Summary): Summary {
  const { run, quality } = summary;
  const missing = `everything later than ${run.seconds.toFixed(1)} s into the load`;
  const verdict: Quality['verdict'] = quality.verdict === 'valid' ? 'suspect' : quality.verdict;
  return {
    ...summary,
    run: {
      ...run,
      outcome: 'interrupted',
      reason: 'the run was killed or is still running',
      exitCode: ExitCode.externalAbort,
      missing: [...run.missing, missing],
    },
    quality: { ...quality, verdict, reasons: [...quality.reasons, `the record is partial: ${missing} is missing`] },
  };
}

const SOURCE = 'reports are made from a file of --out json=FILE';
