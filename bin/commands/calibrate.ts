import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { calibrate, deviationOf } from '../../engine/calibrate/calibrate.js';
import { summaryOf } from '../../engine/calibrate/calibration-error.js';
import { fileOf } from '../../engine/calibrate/calibration-file.js';
import { readRuns, refuseTooFew } from '../../engine/calibrate/read-runs.js';
import { configError, ExitCode } from '../../engine/errors.js';
import { calibrationReport, reportText, wantsColor } from '../../reporters/index.js';
import { addCardFlags, type CardFlags, cardOf } from '../card-flags.js';
import type { Invocation } from '../invocation.js';
import type { Io } from '../io.js';

interface Flags extends CardFlags {
  readonly out?: string;
}

const EXAMPLE = `
Example:
  tokenswarm calibrate results/*.json --card h200 --model-arch qwen2.5-7b --engine vllm-0.24 --out h200.json
  tokenswarm simulate --card h200 --model-arch qwen2.5-7b --engine vllm-0.24 --efficiency h200.json`;

/** Error from which the constants do not explain the runs. */
const MOST_ERROR = 0.15;

/** `tokenswarm calibrate`: constants of a card, fitted to measured runs. */
export function calibrateCommand({ io, action }: Invocation): Command {
  const command = new Command('calibrate')
    .description("fit the simulator's constants of a card to measured runs")
    .argument('<results...>', 'records of runs, or files of vllm bench serve')
    .option('-o, --out <file>', 'write the constants to a file for --efficiency')
    .addHelpText('after', EXAMPLE);
  return addCardFlags(command).action(action((files: readonly string[], flags: Flags) => run(io, files, flags)));
}

async function run(io: Io, files: readonly string[], { out, ...flags }: Flags): Promise<number> {
  const card = cardOf(flags, undefined, io.env);
  if (!card?.engine) throw configError('--card', 'name the card that was measured', 'for example --card h200');
  const { deployment, engine, rustFrontend = false } = card;
  const found = await readRuns(files, deployment);
  refuseTooFew(found);
  const runs = found.runs.map((each) => ({ ...each, settings: { ...settingsOf(card), ...defined(each.settings) } }));
  const calibration = calibrate(runs, engine, rustFrontend);
  io.stdout.write(
    reportText(calibrationReport(calibration, `${deployment.model.name} on ${deployment.card.name}`, found.leftOut), {
      color: wantsColor(io.stdout, io.env),
      width: 100,
    }),
  );
  const bad = summaryOf(calibration).filter(({ figure, fitted }) => !figure.startsWith('ttft') && fitted > MOST_ERROR);
  if (bad.length > 0) {
    const [worst] = calibration.runs.toSorted((a, b) => worstOf(b) - worstOf(a));
    throw configError(
      'calibrate',
      `the constants do not explain the runs: ${bad.map(({ figure, fitted }) => `${figure} is off by ${(100 * fitted).toFixed(0)} %`).join(', ')}, ` +
        `most in ${worst?.run.name}; nothing was written`,
      'see whether card, model, precision and settings are those of the server, and measure again what does not fit',
    );
  }
  if (out !== undefined) {
    const content = fileOf(calibration, deployment.card.slug, deployment.model.slug, rustFrontend);
    await writeFile(out, `${JSON.stringify(content, null, 2)}\n`);
  }
  return ExitCode.ok;
}

function worstOf({ run: { figures }, fitted }: ReturnType<typeof calibrate>['runs'][number]): number {
  return Math.max(
    Math.abs(deviationOf(fitted, figures, 'tokensPerSecond')),
    Math.abs(deviationOf(fitted, figures, 'tpot')),
  );
}

/** Settings of the flags, for runs whose labels tell none. */
function settingsOf({
  apiServers,
  streamInterval,
  rustFrontend,
  maxNumBatchedTokens,
}: NonNullable<ReturnType<typeof cardOf>>) {
  return { apiServers, streamInterval, rustFrontend, maxNumBatchedTokens };
}

function defined<Values extends object>(values: Values): Partial<Values> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== false),
  ) as Partial<Values>;
}
