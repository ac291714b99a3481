import { relative } from 'node:path';
import { Command } from 'commander';
import { formatDuration } from '../../engine/clock.js';
import { configError, ExitCode, scriptError, UserError } from '../../engine/errors.js';
import { sweepDocument } from '../../engine/results/sweep/document.js';
import { readLabels } from '../../engine/results/sweep/labels.js';
import { worstOf } from '../../engine/results/sweep/outcome.js';
import { type PlannedRun, planRuns } from '../../engine/results/sweep/planned-run.js';
import { checkPlaceholders, fillCommand, placeholdersOf } from '../../engine/results/sweep/server-command.js';
import type { RunState, Sweep } from '../../engine/results/sweep/sweep.js';
import { readVariables, type Variable } from '../../engine/results/sweep/vary.js';
import { VERSION } from '../../engine/version.js';
import { checkWritable } from '../../reporters/core.js';
import { type CampaignSetup, isStop, openCampaign } from '../campaign/campaign.js';
import { addCampaignFlags, readCampaignFlags } from '../campaign/campaign-flags.js';
import { type Kept, openCampaignFolder } from '../campaign/campaign-folder.js';
import { preview } from '../campaign/preview.js';
import { placeText, showSweep, writeSweep } from '../campaign/publish.js';
import { printError } from '../error-text.js';
import type { Invocation } from '../invocation.js';
import { type Io, printLine } from '../io.js';

/** `tokenswarm sweep`: a run for each value of variables. */
export function sweepCommand({ io, action }: Invocation): Command {
  const command = new Command('sweep')
    .description('run a scenario once for each value of a variable, and show the figures against it')
    .argument('<file>', 'scenario, .ts or .js');
  const own = (group: Command) => group.option('--repeat <times>', 'repetitions of all runs', '1');
  return addCampaignFlags(command, 'NAME=a,b,c', own).action(action((file: string) => sweepFile(io, file, command)));
}

/** A sweep that has been found good. */
interface Prepared {
  readonly setup: CampaignSetup;
  readonly plan: readonly PlannedRun[];
  readonly kept: readonly Kept[];
  /** Duration of a run's load, in milliseconds. */
  readonly duration: number | undefined;
  /** Length of a run's load as text; see `Preview`. */
  readonly length: string;
  /** Document of all runs, finished or not. */
  readonly draw: (states: ReadonlyMap<string, RunState>, finished: readonly Kept[]) => Sweep;
}

async function sweepFile(io: Io, file: string, command: Command): Promise<number> {
  const prepared = await prepare(io, file, command);
  const { setup, plan, draw } = prepared;
  const { folder } = setup.flags;
  const finished = [...prepared.kept];
  const states = new Map(plan.map((run): [string, RunState] => [run.name, { ...run, state: 'waiting' }]));
  for (const { run } of finished) states.set(run.name, { ...run, state: 'done' });
  const codes = finished.map(({ record }) => record.run.exitCode);
  const missing = plan.filter((run) => states.get(run.name)?.state !== 'done');
  const report = (text: string) => {
    if (!setup.flags.given.quiet) printLine(io.stderr, text);
  };
  if (finished.length > 0) report(keptText(finished, plan, folder));
  // Whoever stops it before its first run has ended can go on as well.
  await writeSweep(folder, draw(states, finished));
  try {
    if (missing.length > 0) codes.push(...(await runMissing(io, prepared, missing, states, finished, report)));
  } catch (error) {
    tellUnfinished(io, states, folder);
    throw error;
  }
  const sweep = draw(states, finished);
  await writeSweep(folder, sweep);
  showSweep(io, sweep, 'at the end');
  if (missing.length > 0) report(placeText(folder));
  tellUnfinished(io, states, folder);
  return worstOf(codes);
}

/** Carries the runs out; gives their exit codes. */
async function runMissing(
  io: Io,
  { setup, plan, draw, duration, length }: Prepared,
  missing: readonly PlannedRun[],
  states: Map<string, RunState>,
  finished: Kept[],
  report: (text: string) => void,
): Promise<readonly number[]> {
  const { folder, server = '', given } = setup.flags;
  const codes: number[] = [];
  const unserved = new Set<string>();
  const campaign = await openCampaign(io, setup, missing[0] as PlannedRun);
  try {
    for (const [index, run] of missing.entries()) {
      const command = fillCommand(server, { ...setup.labels, ...run.values });
      if (unserved.has(command)) {
        states.set(run.name, { ...run, state: 'failed', reason: 'its server could not be started' });
        continue;
      }
      const left = duration === undefined ? '' : ` (${formatDuration((missing.length - index) * duration)} in all)`;
      report(`\n▶ ${plan.indexOf(run) + 1} of ${plan.length}: ${run.name}, ${length}${left}`);
      try {
        const { summary, finished: isDone, spoilt } = await campaign.run(run);
        codes.push(spoilt === undefined ? summary.run.exitCode : ExitCode.scriptException);
        if (isDone) finished.push({ run, record: summary });
        const reason = spoilt ?? summary.run.reason ?? summary.run.missing.join('; ');
        const state = isDone ? 'done' : campaign.signal.aborted ? 'interrupted' : 'failed';
        states.set(run.name, { ...run, state, ...(!isDone && { reason }) });
        if (spoilt !== undefined) printError(io, scriptError(run.name, spoilt));
      } catch (error) {
        if (isStop(error, campaign.signal)) break;
        // Another setting's server may start all the same.
        if (!(error instanceof UserError && error.where === '--server') || !isOtherLeft(command)) throw error;
        printError(io, error);
        unserved.add(command);
        codes.push(error.exitCode);
        states.set(run.name, { ...run, state: 'failed', reason: error.message });
      }
      const sweep = draw(states, finished);
      await writeSweep(folder, sweep);
      if (campaign.signal.aborted) break;
      if (!given.quiet && index < missing.length - 1) showSweep(io, sweep, 'in between');
    }
    if (campaign.signal.aborted) codes.push(ExitCode.externalAbort);
  } finally {
    await campaign.close();
  }
  return codes;

  function isOtherLeft(command: string): boolean {
    return missing.some((run) => {
      const other = fillCommand(server, { ...setup.labels, ...run.values });
      return other !== command && !unserved.has(other);
    });
  }
}

async function prepare(io: Io, file: string, command: Command): Promise<Prepared> {
  const flags = readCampaignFlags(file, command, io);
  const variables = readVariables(flags.vary);
  const labels = readLabels(flags.labels, variables);
  const names = variables.map(({ name }) => name);
  const repeat = readRepeat(command.opts<{ repeat: string }>().repeat);
  const outer = placeholdersOf(flags.server ?? '');
  if (flags.server !== undefined) checkPlaceholders(flags.server, [...names, ...Object.keys(labels)]);
  const plan = planRuns(variables, repeat, outer);
  const asIs: CampaignSetup = { file, flags, labels };
  const { script, duration, length, seed: choice } = await preview(asIs, eachValueOnce(variables));
  const asked = {
    command: 'sweep',
    scenario: relative(io.cwd, file),
    "the scenario's text": script,
    ...Object.fromEntries(variables.map(({ name, values }) => [`--vary ${name}`, values.join(',')])),
    ...Object.fromEntries(Object.entries(labels).map(([name, value]) => [`--label ${name}`, value])),
    '--repeat': String(repeat),
    ...flags.written,
  };
  const { folder } = flags;
  await checkWritable(`${folder}/sweep.json`);
  const expects = (run: PlannedRun) => plan.some(({ name }) => name === run.name);
  const campaign = { folder, asked, labels, variables: names, expects, seed: choice };
  const { kept, seed } = await openCampaignFolder(campaign, flags.restart);
  const setup: CampaignSetup = { ...asIs, ...(seed !== undefined && { seed }) };
  const draw: Prepared['draw'] = (states, finished) =>
    sweepDocument({ version: VERSION, asked, labels, seed, variables, outer, states: [...states.values()], finished });
  return { setup, plan, kept, duration, length, draw };
}

/** Runs with each value of each variable, the others at their first. */
function eachValueOnce(variables: readonly Variable[]): readonly PlannedRun[] {
  const firsts = variables.map(({ name, values }) => ({ name, values: values.slice(0, 1) }));
  const runs = variables.flatMap((varied) =>
    planRuns(
      firsts.map((first) => (first.name === varied.name ? varied : first)),
      1,
      [],
    ),
  );
  return [...new Map(runs.map((run) => [run.name, run])).values()];
}

function readRepeat(text: string): number {
  const repeat = Number(text);
  if (Number.isInteger(repeat) && repeat >= 1 && repeat <= 100) return repeat;
  throw configError('--repeat', `expected a whole number from 1 to 100, got ${JSON.stringify(text)}`);
}

function keptText(finished: readonly Kept[], plan: readonly PlannedRun[], folder: string): string {
  const since = finished[0]?.record.run.startedAt.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC');
  const all = finished.length === plan.length;
  const have = `${all ? `all ${plan.length}` : `${finished.length} of ${plan.length}`} runs are in ${folder} already, from ${since} on`;
  return all ? `${have}; --restart starts over` : `${have}; running the others`;
}

function tellUnfinished(io: Io, states: ReadonlyMap<string, RunState>, folder: string): void {
  const all = [...states.values()];
  const open = all.filter(({ state }) => state !== 'done');
  if (open.length === 0) return;
  const done = all.length - open.length;
  printLine(
    io.stderr,
    `${done} of ${all.length} runs are done and kept in ${folder}; the same command runs the others`,
  );
}
