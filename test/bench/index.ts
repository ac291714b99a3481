/**
 * `npm run bench`: measures tokenswarm's cost and accuracy. Figures are ratios to a floor and to peers within one run.
 * docs/performance.md explains what is measured, how to repeat it, and holds the figures.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, release } from 'node:os';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { PINNING } from './cores.js';
import { arrivalRate } from './experiments/arrival-rate.js';
import { dashboard } from './experiments/dashboard.js';
import { eventDelay } from './experiments/event-delay.js';
import type { Bench, Experiment } from './experiments/experiment.js';
import { levels } from './experiments/levels.js';
import { longPrompts } from './experiments/long-prompts.js';
import { memory } from './experiments/memory.js';
import { plainHttp } from './experiments/plain-http.js';
import { readerFaults } from './experiments/reader-faults.js';
import { scaling } from './experiments/scaling.js';
import { soak } from './experiments/soak.js';
import { startUp } from './experiments/start-up.js';
import { tokenCost } from './experiments/token-cost.js';
import { tokenizer } from './experiments/tokenizer.js';
import { ttftError } from './experiments/ttft-error.js';
import { best, lossesOf, type Ratios, ratiosOf, readBaseline, writeBaseline } from './guard.js';
import { buildNative, type Native, startTarget } from './native.js';
import { type Found, lineOf, tablesOf, withMeasured } from './report.js';

const EXPERIMENTS: readonly Experiment[] = [
  tokenCost,
  ttftError,
  eventDelay,
  plainHttp,
  arrivalRate,
  startUp,
  scaling,
  longPrompts,
  memory,
  dashboard,
  tokenizer,
  soak,
  readerFaults,
  levels,
];

/** Measurements in which a loss must repeat before `--guard` fails. */
const TRIES = 3;

const { values: given } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    out: { type: 'string' },
    docs: { type: 'string' },
    guard: { type: 'boolean', default: false },
    'write-baseline': { type: 'boolean', default: false },
    workers: { type: 'string', default: String(availableParallelism()) },
    minutes: { type: 'string', default: '10' },
  },
});

const workers = Number(given.workers);
const minutes = Number(given.minutes);
if (!(Number.isInteger(workers) && workers >= 1)) refuse(`--workers: expected 1 or more, got ${given.workers}`);
// Twenty values, one a second, are the fewest that a line is put through.
if (!(minutes >= 0.5)) refuse(`--minutes: expected 0.5 or more, got ${given.minutes}`);
// The baseline is of quick runs, and of all that is in them.
if ((given.guard || given['write-baseline']) && !given.quick) refuse('--guard and --write-baseline go with --quick');
if (given['write-baseline'] && given.only) refuse('--write-baseline is of all ratios: leave out --only');
const chosen = choose(given.only?.split(','));
if (process.platform !== 'linux') console.log('skipped: CPU time and memory are read from /proc, which only Linux has');
else {
  const native = buildNative();
  if (native) await bench(native);
  else
    console.log(
      'skipped: the target and the floor client are in C; it takes a C compiler (cc) and headers to build them',
    );
}

/** Ends the command with what is wrong about it. */
function refuse(problem: string): never {
  console.error(problem);
  process.exit(2);
}

/** The experiments of this run. */
function choose(names: readonly string[] | undefined): readonly Experiment[] {
  const unknown = names?.filter((name) => !EXPERIMENTS.some((experiment) => experiment.name === name)) ?? [];
  if (unknown.length > 0) {
    refuse(`no experiment ${unknown.join(', ')}; there are ${EXPERIMENTS.map(({ name }) => name).join(', ')}`);
  }
  return EXPERIMENTS.filter(({ name, when }) =>
    names ? names.includes(name) : when === 'always' || (when === 'at leisure' && !given.quick),
  );
}

async function bench(native: Native): Promise<void> {
  const kernel = /^\d+\.\d+/.exec(release())?.[0];
  const machine = `${cpus().length} × ${cpus()[0]?.model}, Linux ${kernel}, Node ${process.version}, ${PINNING}`;
  console.log(machine);
  const target = await startTarget(native);
  const log = (text: string) => console.log(`  · ${text}`);
  const { quick } = given;
  const tools = { native, target, quick, workers, minutes, log };
  const found: Found[] = [];
  try {
    for (const experiment of chosen) found.push(...(await (given.guard ? guarded : plain)(experiment, tools)));
  } finally {
    target.stop();
  }
  if (given.out) {
    const results = Object.fromEntries(found.map(({ name, figures }) => [name, figures]));
    mkdirSync(dirname(given.out), { recursive: true });
    writeFileSync(given.out, `${JSON.stringify({ machine, at: new Date().toISOString(), results }, null, 2)}\n`);
  }
  if (given.docs) {
    const page = readFileSync(given.docs, 'utf8');
    writeFileSync(given.docs, withMeasured(page, tablesOf(machine, found)));
  }
  if (given['write-baseline']) writeBaseline(ratiosOf(found));
}

async function plain({ name, title, run }: Experiment, tools: Bench): Promise<readonly Found[]> {
  console.log(`\n${title} (${name})`);
  const figures = await run(tools);
  for (const figure of figures) console.log(`  ${lineOf(figure)}`);
  return [{ name, title, figures }];
}

/** Runs an experiment up to `TRIES` times; fails on a lasting loss. */
async function guarded(experiment: Experiment, tools: Bench): Promise<readonly Found[]> {
  const ours = Object.entries(readBaseline()).filter(([name]) => name.startsWith(`${experiment.name}: `));
  let ratios: Ratios = {};
  for (let attempt = 1; ; attempt += 1) {
    let found: readonly Found[] = [];
    try {
      found = await plain(experiment, tools);
    } catch (error) {
      if (attempt === TRIES) throw error;
      tools.log(`went wrong, and is tried again: ${error}`);
    }
    ratios = best(ratios, ratiosOf(found));
    const losses = lossesOf(ratios, Object.fromEntries(ours));
    for (const loss of losses) tools.log(`gross loss, try ${attempt} of ${TRIES}: ${loss}`);
    if (losses.length === 0) return found;
    if (attempt === TRIES) {
      process.exitCode = 1;
      return found;
    }
  }
}
