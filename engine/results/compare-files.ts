import * as v from 'valibot';
import { configError, messageOf, UserError } from '../errors.js';
import type { Summary } from '../metrics/snapshot.js';
import { problemOf } from '../schema.js';
import { type Comparison, compare } from './compare/compare.js';
import { type ComparedRun, ownRun } from './compare/compared-run.js';
import { documentsIn } from './import/documents.js';
import { type Document, has } from './import/importer.js';
import { IMPORTERS } from './import/index.js';
import { looksLike, strangerIn } from './import/strangers.js';
import { readSaved, recordOf } from './saved-record.js';

/**
 * Compares saved results with the first. Reads records of tokenswarm and the result files of other tools, each run in a
 * file as one. Throws a UserError for any other file.
 */
export async function compareFiles(files: readonly string[]): Promise<Comparison> {
  const texts = await Promise.all(files.map((file) => readSaved(file)));
  const read = files.map((file, index) => readResults(file, texts[index] ?? ''));
  const theirs = read.filter(isRuns).flat();
  const isBetween = ({ metrics }: ComparedRun) =>
    Object.values(metrics).some((one) => one.percentiles === 'interpolated');
  const beside = { others: theirs.length > 0, interpolated: theirs.some(isBetween) };
  return compare(read.flatMap((each, index) => (isRuns(each) ? each : [ownRun(files[index] ?? '', each, beside)])));
}

function isRuns(read: Summary | readonly ComparedRun[]): read is readonly ComparedRun[] {
  return Array.isArray(read);
}

function readResults(file: string, text: string): Summary | readonly ComparedRun[] {
  const documents = documentsOf(file, text);
  const [only] = documents;
  if (documents.length === 1 && has(only, 'schema') && (only as { schema: unknown }).schema === 'tokenswarm/summary') {
    return recordOf(file, only);
  }
  const stranger = strangerIn(only);
  if (stranger) throw configError(file, `it is ${stranger.what}`, stranger.hint);
  return documents.flatMap((document, index) => {
    return importedFrom(documents.length > 1 ? `${file}#${index + 1}` : file, document);
  });
}

function documentsOf(file: string, text: string): readonly Document[] {
  try {
    return documentsIn(file, text);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw configError(file, messageOf(error), COMPARABLE);
  }
}

function importedFrom(file: string, document: Document): readonly ComparedRun[] {
  const importer = IMPORTERS.find(({ recognises }) => recognises(document));
  if (!importer)
    throw configError(file, `it is no kind of file that can be compared: ${looksLike(document)}`, COMPARABLE);
  try {
    return importer.runs(file, document);
  } catch (error) {
    if (!(error instanceof v.ValiError)) throw error;
    const problems = error.issues.map((issue) => `${v.getDotPath(issue) ?? 'the file'}: ${problemOf(issue)}`);
    throw configError(file, `it is damaged; expected ${importer.reads}:\n${problems.join('\n')}`, COMPARABLE);
  }
}

const COMPARABLE = `comparable files: --out json=FILE, ${IMPORTERS.map(({ reads }) => reads).join(', ')}`;
