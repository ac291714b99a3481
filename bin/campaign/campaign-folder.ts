import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { configError } from '../../engine/errors.js';
import type { Summary } from '../../engine/metrics/snapshot.js';
import { readRecord } from '../../engine/results/saved-record.js';
import { readSavedSweep } from '../../engine/results/saved-sweep.js';
import { labelDifferences, labelsOf } from '../../engine/results/sweep/labels.js';
import { isFinished } from '../../engine/results/sweep/level.js';
import { type PlannedRun, plannedRun } from '../../engine/results/sweep/planned-run.js';
import { requestDifferences, type SweepRequest } from '../../engine/results/sweep/sweep-request.js';
import type { SeedChoice } from './preview.js';

/** Expected contents of a folder of runs. */
export interface CampaignPlan {
  readonly folder: string;
  readonly asked: SweepRequest;
  readonly labels: Readonly<Record<string, string>>;
  /** Names of what is varied. */
  readonly variables: readonly string[];
  /** True for a run that belongs to the campaign. */
  readonly expects: (run: PlannedRun) => boolean;
  readonly seed: SeedChoice;
}

/** Finished runs of a campaign, the earliest first. */
export interface CampaignFolder {
  readonly kept: readonly Kept[];
  /** Undefined where each run has its own. */
  readonly seed: number | undefined;
}

/** A run whose record is there. */
export interface Kept {
  readonly run: PlannedRun;
  readonly record: Summary;
}

/** The state of a campaign, and what it came to. */
export const SWEEP_FILE = 'sweep.json';

/** Every file that a campaign writes besides the records of its runs. */
const OWN_FILES = /^sweep\.(json|csv|html|md)$|^(.*\.)?server\.log$/;

/**
 * Finished runs of a folder, and the seed of all runs. Throws a UserError where the folder is another command's, or has a
 * record that is not of this one; `restart` removes what the former command has left.
 */
export async function openCampaignFolder(plan: CampaignPlan, restart: boolean): Promise<CampaignFolder> {
  const { folder, asked } = plan;
  if (restart) await clear(plan);
  const records = await recordsIn(folder);
  const before = records.length > 0 ? await readSavedSweep(join(folder, SWEEP_FILE)) : undefined;
  const differences = before === undefined ? [] : requestDifferences(before.asked, asked);
  if (differences.length > 0) {
    throw configError(folder, `this folder has the runs of another command:\n${differences.join('\n')}`, ELSE);
  }
  const seed = seedOf(plan.seed, before?.seed ?? records[0]?.record.run.seed);
  const kept: Kept[] = [];
  const problems: string[] = [];
  for (const { name, record } of records) {
    const run = runOf(record, plan.variables);
    if (run.name !== name || !plan.expects(run)) {
      problems.push(`${name}.json is the record of a run that this command does not have`);
      continue;
    }
    const wrong = labelDifferences(labelsOf(plan.labels, run), record.run.labels);
    const { seed: drawn } = record.run;
    if (wrong.length > 0) problems.push(`${name}.json has other labels: ${wrong.join('; ')}`);
    else if (seed !== undefined && drawn !== seed) {
      problems.push(`${name}.json has the seed ${drawn}, that of all runs is ${seed}: their prompts differ`);
    } else if (isFinished(record)) kept.push({ run, record });
  }
  if (problems.length > 0)
    throw configError(
      folder,
      problems.join('\n'),
      'move it away, take another folder with --out, or --restart to start over',
    );
  return { kept: kept.sort((a, b) => a.record.run.startedAt.localeCompare(b.record.run.startedAt)), seed };
}

const ELSE = 'take another folder with --out, or --restart to remove those runs and start over';

function seedOf(choice: SeedChoice, before: number | undefined): number | undefined {
  if (choice === 'own') return undefined;
  return choice === 'to be drawn' ? (before ?? Math.floor(Math.random() * 2 ** 32)) : choice;
}

/** The run that a record says it is of, by its labels. */
function runOf({ run: { labels } }: Summary, variables: readonly string[]): PlannedRun {
  return plannedRun(
    Object.fromEntries(variables.map((name) => [name, labels[name] ?? ''])),
    Number(labels.repeat ?? 1),
  );
}

async function recordsIn(folder: string): Promise<readonly { readonly name: string; readonly record: Summary }[]> {
  const found = [];
  for (const file of await filesIn(folder)) {
    if (!file.endsWith('.json') || OWN_FILES.test(file)) continue;
    const path = join(folder, file);
    // Whatever else is JSON is nobody's business here.
    if (!(await readFile(path, 'utf8')).includes('"tokenswarm/summary"')) continue;
    found.push({ name: file.slice(0, -'.json'.length), record: await readRecord(path) });
  }
  return found;
}

async function clear({ folder, variables }: CampaignPlan): Promise<void> {
  const runs = (await recordsIn(folder)).filter(({ name, record }) => {
    // A record of something else is the user's.
    return runOf(record, variables).name === name || /^[A-Za-z_]\w*=/.test(name);
  });
  const names = new Set(runs.map(({ name }) => `${name}.json`));
  for (const file of await filesIn(folder)) {
    const isOurs = names.has(file) || OWN_FILES.test(file) || /^[A-Za-z_]\w*=.*\.journal$/.test(file);
    if (isOurs) await rm(join(folder, file));
  }
}

async function filesIn(folder: string): Promise<readonly string[]> {
  return await readdir(folder).catch(() => []);
}
