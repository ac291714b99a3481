import { relative } from 'node:path';
import { Command, Option } from 'commander';
import { formatDuration } from '../../engine/clock.js';
import { configError, ExitCode, scriptError } from '../../engine/errors.js';
import { sweepDocument } from '../../engine/results/sweep/document.js';
import { readLabels } from '../../engine/results/sweep/labels.js';
import { worstOf } from '../../engine/results/sweep/outcome.js';
import { type PlannedRun, plannedRun } from '../../engine/results/sweep/planned-run.js';
import { nextStep, type Purpose, runsLeft } from '../../engine/results/sweep/search.js';
import { checkPlaceholders } from '../../engine/results/sweep/server-command.js';
import { missesOf, readSlos } from '../../engine/results/sweep/slo.js';
import type { Capacity, Sweep } from '../../engine/results/sweep/sweep.js';
import { readRange, type SearchRange } from '../../engine/results/sweep/vary.js';
import { VERSION } from '../../engine/version.js';
import { checkWritable } from '../../reporters/core.js';
import { type CampaignSetup, isStop, openCampaign } from '../campaign/campaign.js';
import { addCampaignFlags, readCampaignFlags } from '../campaign/campaign-flags.js';
import { type Kept, openCampaignFolder } from '../campaign/campaign-folder.js';
import { earlyStop } from '../campaign/early-stop.js';
import { preview } from '../campaign/preview.js';
import { placeText, showSweep, writeSweep } from '../campaign/publish.js';
import type { Invocation } from '../invocation.js';
import { type Io, printLine } from '../io.js';

/** `tokenswarm capacity`: highest number of users, or rate, within objectives. */
export function capacityCommand({ io, action }: Invocation): Command {
  const command = new Command('capacity')
    .description('find the most users, or the highest rate, that meet the objectives')
    .argument('<file>', 'scenario, .ts or .js');
  const gather = (text: string, before: readonly string[] = []) => [...before, text];
  const own = (group: Command) =>
    group
      .addOption(new Option('--slo <condition>', "objective: 'llm_ttft:p(95)<500'; repeatable").argParser(gather))
      .option('--precision <percent>', 'largest gap between the highest level that passes and the next', '5%');
  return addCampaignFlags(command, 'NAME=low..high', own).action(
    action((file: string) => searchFile(io, file, command)),
  );
}

/** Default of `--vary`. */
const USERS = 'PEAK_USERS=1..256';

/** Validated search. */
interface Prepared {
  readonly setup: CampaignSetup;
  readonly range: SearchRange;
  readonly precision: number;
  /** Length of a run's load as text; see `Preview`. */
  readonly length: string;
  /** Duration of a run's load, in milliseconds. */
  readonly duration: number | undefined;
  readonly kept: readonly Kept[];
  readonly draw: (finished: readonly Kept[]) => Sweep;
}

async function searchFile(io: Io, file: string, command: Command): Promise<number> {
  const prepared = await prepare(io, file, command);
  const { setup, draw } = prepared;
  const { folder, given } = setup.flags;
  const finished = [...prepared.kept];
  await writeSweep(folder, draw(finished));
  const report = (text: string) => {
    if (!given.quiet) printLine(io.stderr, text);
  };
  const first = finished[0]?.record.run.startedAt;
  if (first) report(`${finished.length} runs are in ${folder} already, from ${first} on; --restart starts over`);
  const codes = await runSearch(io, prepared, finished, report).catch((error: unknown) => {
    printLine(io.stderr, `the runs are kept in ${folder}; the same command resumes`);
    throw error;
  });
  const sweep = draw(finished);
  await writeSweep(folder, sweep);
  showSweep(io, sweep, 'at the end');
  if (codes.length > 0) report(placeText(folder));
  const found = sweep.capacity?.found;
  if (!found)
    printLine(io.stderr, `the search is not finished; its runs are kept in ${folder}; the same command resumes`);
  return worstOf([...codes, ...(found?.kind === 'below' ? [ExitCode.thresholdsFailed] : [])]);
}

const PURPOSES: Readonly<Record<Purpose, string>> = {
  bracket: 'upwards',
  bisect: 'between pass and fail',
  confirm: 'to confirm',
  decide: 'to decide, since its runs disagree',
};

/** Runs the levels of a search; returns exit codes of failures. */
async function runSearch(
  io: Io,
  { setup, range, precision, length, duration, draw }: Prepared,
  finished: Kept[],
  report: (text: string) => void,
): Promise<readonly number[]> {
  const { folder, given } = setup.flags;
  const decide = () => nextStep(triedOf(finished, range), range, precision);
  let step = decide();
  if (step.kind === 'found') return [];
  const campaign = await openCampaign(io, setup, runAt(range, step.level, finished));
  try {
    while (step.kind === 'run') {
      const run = runAt(range, step.level, finished);
      const left = leftText(runsLeft(triedOf(finished, range), range, precision), duration);
      report(`\n▶ ${run.name}, ${length}: ${PURPOSES[step.purpose]}; ${left}`);
      const { summary, finished: isDone, spoilt } = await campaign.run(run, earlyStop());
      if (spoilt !== undefined) throw scriptError(run.name, spoilt);
      if (!isDone) return [campaign.signal.aborted ? ExitCode.externalAbort : summary.run.exitCode];
      finished.push({ run, record: summary });
      const sweep = draw(finished);
      await writeSweep(folder, sweep);
      if (campaign.signal.aborted) return [ExitCode.externalAbort];
      step = decide();
      if (!given.quiet && step.kind === 'run') showSweep(io, sweep, 'in between');
    }
    return [];
  } catch (error) {
    if (isStop(error, campaign.signal)) return [ExitCode.externalAbort];
    throw error;
  } finally {
    await campaign.close();
  }
}

/** Text such as `6 to 11 runs left, up to 2h1m`. Levels that fail end early. */
function leftText({ least, most }: ReturnType<typeof runsLeft>, duration: number | undefined): string {
  const runs = least === most ? most : `${least} to ${most}`;
  return `${runs} ${most === 1 ? 'run' : 'runs'} left${duration === undefined ? '' : `, up to ${formatDuration(most * duration)}`}`;
}

function triedOf(finished: readonly Kept[], { name }: SearchRange) {
  return finished.map(({ run, record }) => ({ level: Number(run.values[name]), met: missesOf(record).length === 0 }));
}

/** The next run of a level. */
function runAt({ name }: SearchRange, level: number, finished: readonly Kept[]): PlannedRun {
  const before = finished.filter(({ run }) => run.values[name] === String(level));
  return plannedRun({ [name]: String(level) }, Math.max(0, ...before.map(({ run }) => run.repeat)) + 1);
}

async function prepare(io: Io, file: string, command: Command): Promise<Prepared> {
  const flags = readCampaignFlags(file, command, io);
  const own = command.opts<{ slo?: readonly string[]; precision: string }>();
  const slos = own.slo ?? [];
  const thresholds = readSlos(slos);
  const precision = readPrecision(own.precision);
  if (flags.vary.length > 1) {
    throw configError('--vary', 'only one variable can be searched', 'run the command once for each of the others');
  }
  const range = readRange(flags.vary[0] ?? USERS);
  const bounds = [range.low, range.high].map((level) => plannedRun({ [range.name]: String(level) }, 1));
  const labels = readLabels(flags.labels, [{ name: range.name, values: [String(range.low), String(range.high)] }]);
  if (flags.server !== undefined) checkPlaceholders(flags.server, [range.name, ...Object.keys(labels)]);
  const asIs: CampaignSetup = {
    file,
    flags,
    labels,
    thresholds: Object.fromEntries(Object.entries(thresholds).map(([metric, conditions]) => [metric, [...conditions]])),
  };
  const { script, length, duration, seed: choice } = await preview(asIs, bounds);
  const asked = {
    command: 'capacity',
    scenario: relative(io.cwd, file),
    "the scenario's text": script,
    [`--vary ${range.name}`]: `${range.low}..${range.high}`,
    '--slo': slos.join(', '),
    '--precision': own.precision,
    ...Object.fromEntries(Object.entries(labels).map(([name, value]) => [`--label ${name}`, value])),
    ...flags.written,
  };
  const { folder } = flags;
  await checkWritable(`${folder}/sweep.json`);
  const variables = [{ name: range.name, values: [] }];
  const expects = ({ values }: PlannedRun) => {
    const level = Number(values[range.name]);
    return level >= range.low && level <= range.high;
  };
  const campaign = { folder, asked, labels, variables: [range.name], expects, seed: choice };
  const { kept, seed } = await openCampaignFolder(campaign, flags.restart);
  const setup: CampaignSetup = { ...asIs, ...(seed !== undefined && { seed }) };
  const draw = (finished: readonly Kept[]) => {
    const step = nextStep(triedOf(finished, range), range, precision);
    const tried = finished.map(({ run, record }) => {
      const misses = missesOf(record);
      return { level: Number(run.values[range.name]), run: run.name, met: misses.length === 0, misses };
    });
    const capacity: Capacity = { range, precision, slos, tried, ...(step.kind === 'found' && { found: step.found }) };
    const states = finished.map(({ run }) => ({ ...run, state: 'done' as const }));
    return sweepDocument({ version: VERSION, asked, labels, seed, variables, outer: [], states, finished, capacity });
  };
  return { setup, range, precision, length, duration, kept, draw };
}

function readPrecision(text: string): number {
  const [, percent] = /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(text) ?? [];
  if (percent !== undefined && Number(percent) <= 100) return Number(percent) / 100;
  throw configError('--precision', `expected a percentage of up to 100% such as 5%, got ${JSON.stringify(text)}`);
}
