import { Command } from 'commander';
import { configError, ExitCode } from '../../engine/errors.js';
import { cardNamed, DEFAULT_ENGINE, efficiencyOf, engineNamed } from '../../engine/hardware/index.js';
import { adviseFiles } from '../../engine/results/advise-files.js';
import {
  adviceJson,
  adviceReport,
  checkWritable,
  reportText,
  wantsColor,
  writeWhole,
  writtenReport,
} from '../../reporters/index.js';
import { readConstants } from '../constants-file.js';
import type { Invocation } from '../invocation.js';
import type { Io } from '../io.js';
import { readReports } from '../report-outputs.js';

/** Writers of advice, by file format. */
const FORMATS = { ...writtenReport(adviceReport), json: adviceJson };

interface Flags {
  readonly users?: string;
  readonly rate?: string;
  readonly sessionsPerHour?: string;
  readonly slo?: readonly string[];
  readonly price?: string;
  readonly by: string;
  readonly roofline?: boolean;
  readonly engine?: string;
  readonly efficiency?: string;
  readonly out?: readonly string[];
}

const EXAMPLE = `
Example:
  tokenswarm advise results/ --users 500 --slo 'llm_ttft:p(95)<500' --slo 'llm_tpot:p(95)<50' --price prices.json`;

/** `tokenswarm advise`: deployments that carry a load within objectives, with costs. */
export function adviseCommand({ io, action }: Invocation): Command {
  const gather = (text: string, before: readonly string[] = []) => [...before, text];
  return new Command('advise')
    .description('recommend cards and replicas for a load, with their cost, from labelled runs')
    .argument('<results...>', 'records of runs: files, folders or patterns')
    .option('--users <n>', 'concurrent users to serve')
    .option('--rate <n>', 'requests per second to serve')
    .option('--sessions-per-hour <n>', 'sessions of agents to finish per hour')
    .option('--slo <condition>', "objective: 'llm_ttft:p(95)<500'; repeatable", gather)
    .option('--price <file>', 'what cards cost: {"currency": "USD", "perCardHour": {"H800": 2.5}}')
    .option('--by <labels>', 'labels that distinguish deployments', 'gpu,model,tp')
    .option('--roofline', 'estimate deployments without runs')
    .option(
      '--engine <version>',
      `with --roofline: version of the server whose constants are used (default: ${DEFAULT_ENGINE.slug})`,
    )
    .option('--efficiency <file>', 'with --roofline: constants that tokenswarm calibrate wrote for one of the cards')
    .option('-o, --out <FORMAT=PATH>', 'write html=, json= or markdown=FILE; repeatable', gather)
    .addHelpText('after', EXAMPLE)
    .action(action((places: readonly string[], flags: Flags) => advise(io, places, flags)));
}

async function advise(io: Io, places: readonly string[], flags: Flags): Promise<number> {
  const { slo = [], price, roofline = false, out = [] } = flags;
  const load = readLoad(flags);
  if (slo.length === 0)
    throw configError('--slo', 'is required: name at least one objective', "for example --slo 'llm_ttft:p(95)<500'");
  const by = flags.by.split(',').map((label) => label.trim());
  if (!['gpu', 'model', 'tp'].every((label) => by.includes(label))) {
    throw configError(
      '--by',
      `expected gpu, model and tp among the labels, got ${flags.by}`,
      'add others: --by gpu,model,tp,precision',
    );
  }
  const outputs = readReports(out, FORMATS);
  for (const { path } of outputs) await checkWritable(path);
  const asked = { load, slos: slo, by, roofline, constants: constantsOf(flags) };
  const advice = await adviseFiles(places, asked, price);
  io.stdout.write(reportText(adviceReport(advice), { color: wantsColor(io.stdout, io.env), width: 100 }));
  for (const { format: render, path } of outputs) await writeWhole(path, render(advice));
  return advice.alternatives.every(({ options }) => options.length === 0) ? ExitCode.thresholdsFailed : ExitCode.ok;
}

/** Constants of the roofline by the flags. */
function constantsOf({ roofline, engine: version, efficiency: file }: Flags) {
  const lonely = version === undefined ? '--efficiency' : '--engine';
  if (version === undefined && file === undefined) return undefined;
  if (!roofline) throw configError(lonely, 'it is for estimates alone', 'add --roofline');
  const engine = version === undefined ? DEFAULT_ENGINE : engineNamed(version, '--engine');
  if (file === undefined) return { engine };
  const { efficiency, calibration } = readConstants(file, efficiencyOf(engine));
  const { card, model = 'a model', engine: own = engine.slug } = calibration;
  if (card === undefined || own !== engine.slug) {
    const got = card === undefined ? 'names no card' : `is for ${own}, not ${engine.slug}`;
    throw configError('--efficiency', `${file} ${got}`, `give a file of tokenswarm calibrate, with --engine ${own}`);
  }
  return { engine, calibrated: { card: cardNamed(card, '--efficiency'), efficiency, model, file } };
}

/** Units of load, with their flag and an example of its value. */
const LOADS = [
  { unit: 'users', flag: '--users', what: 'a whole number from 1 on', example: '500' },
  { unit: 'rate', flag: '--rate', what: 'requests a second above 0', example: '12.5' },
  { unit: 'sessions', flag: '--sessions-per-hour', what: 'sessions an hour above 0', example: '200' },
] as const;

function readLoad(flags: Flags): { readonly unit: (typeof LOADS)[number]['unit']; readonly value: number } {
  const texts = { users: flags.users, rate: flags.rate, sessions: flags.sessionsPerHour };
  const given = LOADS.filter(({ unit }) => texts[unit] !== undefined);
  const [load] = given;
  if (!load || given.length > 1) {
    const got = given.length === 0 ? 'none of them' : given.map(({ flag }) => flag).join(' and ');
    const wanted = 'expected one of --users, --rate and --sessions-per-hour';
    throw configError('--users', `${wanted}, got ${got}`, 'for example --users 500');
  }
  const { unit, flag, what, example } = load;
  const text = texts[unit] ?? '';
  const value = text.trim() === '' ? Number.NaN : Number(text);
  const isRight = value > 0 && value <= 1e9 && (unit !== 'users' || Number.isInteger(value));
  if (isRight) return { unit, value };
  throw configError(flag, `expected ${what}, got ${JSON.stringify(text)}`, `for example ${flag} ${example}`);
}
