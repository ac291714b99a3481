import * as v from 'valibot';
import { readDelimited } from '../data/delimited.js';
import { configError } from '../errors.js';
import type { Summary } from '../metrics/snapshot.js';
import { type Comparison, compare } from './compare/compare.js';
import { type ComparedRun, ownRun } from './compare/compared-run.js';
import { guidellmRuns, isGuidellm } from './import/guidellm-run.js';
import { isLocust, locustRun } from './import/locust-run.js';
import { isVllm, vllmRun } from './import/vllm-run.js';
import { readJson, readSaved, recordOf } from './saved-record.js';

/**
 * Compares saved results with the first. Reads records of tokenswarm, files of `vllm bench serve` and guidellm, and
 * Locust's `_stats.csv`. Throws a UserError for any other file.
 */
export async function compareFiles(files: readonly string[]): Promise<Comparison> {
  const texts = await Promise.all(files.map(readSaved));
  const read = files.map((file, index) => readResults(file, texts[index] ?? ''));
  const others = read.some((each) => Array.isArray(each));
  return compare(read.flatMap((each, index) => (isRuns(each) ? each : [ownRun(files[index] ?? '', each, others)])));
}

function isRuns(read: Summary | readonly ComparedRun[]): read is readonly ComparedRun[] {
  return Array.isArray(read);
}

function readResults(file: string, text: string): Summary | readonly ComparedRun[] {
  if (!/^\s*[[{]/.test(text)) return [readLocust(file, text)];
  const document = readJson(file, text);
  try {
    if (typeof document === 'object' && document !== null && !('schema' in document)) {
      if (isVllm(document)) return [vllmRun(file, document)];
      if (isGuidellm(document)) return guidellmRuns(file, document);
      throw configError(file, 'it is JSON of another kind', COMPARABLE);
    }
  } catch (error) {
    if (!(error instanceof v.ValiError)) throw error;
    const problems = error.issues.map((issue) => `${v.getDotPath(issue) ?? ''}: ${issue.message}`);
    throw configError(file, `it is damaged:\n${problems.join('\n')}`, COMPARABLE);
  }
  return recordOf(file, document);
}

function readLocust(file: string, text: string): ComparedRun {
  const head = text.slice(0, text.indexOf('\n')).split(',');
  if (!isLocust(Object.fromEntries(head.map((name) => [name.trim(), ''])))) {
    throw configError(file, "it is neither JSON nor Locust's _stats.csv", COMPARABLE);
  }
  return locustRun(file, readDelimited(file, text, ',') as readonly Readonly<Record<string, string>>[]);
}

const COMPARABLE =
  "what can be compared: --out json=FILE, the JSON of vllm bench serve or guidellm, and Locust's _stats.csv";
