import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { printError } from '../../bin/error-text.js';
import { ExitCode, UserError } from '../../engine/errors.js';
import { adviseFiles, benchmarkFiles } from '../../engine/index.js';
import {
  adviceJson,
  adviceReport,
  benchmarkCsv,
  benchmarkReport,
  reportHtml,
  reportText,
  summaryJson,
  writeWhole,
} from '../../reporters/index.js';
import { promptTimes, promptTurningPoints, tileRankings, turningPoints } from './crossover.js';
import { type StudyFigures, studyFigures } from './study-figures.js';
import { studyMarkdown, withStudy } from './study-markdown.js';
import { SAMPLE, STUDY, type StudyPlan } from './study-plan.js';
import { countRuns, studyRuns } from './study-runs.js';

interface Flags {
  /** Folder of records, tables and charts. */
  readonly out: string;
  /** Page whose tables between its markers are replaced. */
  readonly docs?: string | undefined;
}

const BY = ['gpu', 'model', 'tp'];

/** Question that the study's advice answers. */
const ASKED = {
  load: { unit: 'users', value: 500 },
  slos: ['llm_ttft:p(95)<500', 'llm_tpot:p(95)<25'],
  by: BY,
  roofline: false,
} as const;

/** Users whose throughput the tables have. */
const SHOWN = [1, 16, 64, 128, 256];

/** Tokens of the prompts whose times the tables have. */
const PROMPTS = [32, 64, 128, 256, 512, 1024, 2048];

async function study({ out, docs }: Flags): Promise<void> {
  const page = docs === undefined ? undefined : await readPage(docs);
  const file = fileURLToPath(new URL('../../../scenarios/data/prompts.zh.jsonl', import.meta.url));
  const plan: StudyPlan = { ...STUDY, prompts: { file, sample: SAMPLE } };
  const figures = await runAll(plan, out);
  const tables = studyMarkdown({
    figures,
    turning: ['Qwen2.5-7B', 'Qwen1.5-7B', 'Qwen2.5-72B'].map((model) => {
      return { model, points: [...turningPoints(model), promptTurningPoints(model)] };
    }),
    prompts: promptTimes('Qwen2.5-7B', PROMPTS),
    tiles: ['Qwen2.5-7B', 'Qwen2.5-14B'].flatMap(tileRankings),
    users: SHOWN,
  });
  await writeWhole(join(out, 'study.md'), `# Simulated study\n\n${tables}\n`);
  if (docs !== undefined && page !== undefined) await writeWhole(docs, withStudy(page, tables) ?? page);
  const advice = await writeReports(out);
  // The answers and the first table; the reasons are in the file.
  console.log(advice.split('  █ WHY')[0]?.trimEnd());
  const at = (name: string) => `    ${join(out, name)}`;
  const charts = ['latency.html', 'throughput.html', 'advice.html'].map(at);
  console.log(['', '  open in a browser:', ...charts, '  tables:', at('study.md'), at('advice.txt'), ''].join('\n'));
}

async function readPage(path: string): Promise<string> {
  const page = await readFile(path, 'utf8').catch(() => '');
  if (withStudy(page, '') !== undefined) return page;
  throw new UserError('expected a page with the two markers that docs/study.md has', {
    where: `--docs ${path}`,
    exitCode: ExitCode.invalidConfig,
  });
}

/** Runs everything, writes a record each, and returns a few figures. Nothing else of a run stays in memory. */
async function runAll(plan: StudyPlan, out: string): Promise<StudyFigures[]> {
  const all = countRuns(plan);
  const figures: StudyFigures[] = [];
  for (const { kind, file, record } of studyRuns(plan)) {
    const path = join(out, file);
    await mkdir(dirname(path), { recursive: true });
    // There are hundreds: without line breaks they take a third of the room.
    await writeFile(path, summaryJson(record, 0));
    figures.push(studyFigures(kind, record));
    const isTold = figures.length % Math.ceil(all / 20) === 0 || figures.length === all;
    if (process.stderr.isTTY) process.stderr.write(`\r${figures.length} of ${all} runs`);
    else if (isTold) process.stderr.write(`${figures.length} of ${all} runs\n`);
  }
  if (process.stderr.isTTY) process.stderr.write('\n');
  return figures;
}

/** Writes charts, tables and advice. Returns the advice as text. */
async function writeReports(out: string): Promise<string> {
  for (const kind of ['latency', 'throughput']) {
    const benchmark = await benchmarkFiles([join(out, kind)], BY);
    await writeWhole(join(out, `${kind}.html`), reportHtml(benchmarkReport(benchmark)));
    await writeWhole(join(out, `${kind}.csv`), benchmarkCsv(benchmark));
  }
  const advice = await adviseFiles([join(out, 'throughput')], ASKED);
  await writeWhole(join(out, 'advice.html'), reportHtml(adviceReport(advice)));
  await writeWhole(join(out, 'advice.json'), adviceJson(advice));
  const text = reportText(adviceReport(advice), { width: 100 });
  await writeWhole(join(out, 'advice.txt'), text);
  return text;
}

try {
  const { values } = parseArgs({
    options: { out: { type: 'string', default: 'results/study' }, docs: { type: 'string' } },
  });
  await study(values);
} catch (error) {
  printError(process, error);
  process.exitCode = error instanceof UserError ? error.exitCode : ExitCode.bug;
}
