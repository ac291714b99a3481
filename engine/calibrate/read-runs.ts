import { configError, messageOf } from '../errors.js';
import { type Deployment, findCard, findModel } from '../hardware/index.js';
import { countOf, labelOf } from '../results/group/label.js';
import { isSimulated, type LeftOut, levelOf, type RunRecord, unfitness } from '../results/recorded-run.js';
import { readJson, readSaved, recordOf } from '../results/saved-record.js';
import type { AnswerLengths, MeasuredRun, ServerSettings } from './measured-run.js';

/** Runs read from files, and files that cannot be used. */
export interface ReadRuns {
  readonly runs: readonly MeasuredRun[];
  readonly leftOut: readonly LeftOut[];
}

const HINT = 'give records of --out json=FILE, or files of vllm bench serve --save-result';

/** Fields read from a file of `vllm bench serve`. */
type BenchFile = Readonly<Record<string, unknown>> & { readonly output_throughput: number; readonly completed: number };

/**
 * Reads measured runs. Throws a UserError for files that are no results, and for runs of another card or model than the
 * deployment's; leaves out runs that are invalid, simulated or without users.
 */
export async function readRuns(files: readonly string[], deployment: Deployment): Promise<ReadRuns> {
  const runs: MeasuredRun[] = [];
  const leftOut: LeftOut[] = [];
  for (const file of files) {
    const document = readJson(file, await readSaved(file, HINT), HINT);
    const found = isBenchFile(document) ? benchRun(file, document, deployment) : ownRun(file, document, deployment);
    if (typeof found === 'string') leftOut.push({ file, why: found });
    else runs.push(found);
  }
  return { runs, leftOut };
}

function isBenchFile(document: unknown): document is BenchFile {
  const { output_throughput, completed } = Object(document) as Record<string, unknown>;
  return typeof output_throughput === 'number' && typeof completed === 'number';
}

function ownRun(file: string, document: unknown, deployment: Deployment): MeasuredRun | string {
  const record: RunRecord = recordOf(file, document);
  refuseOthers(file, deployment, labelOf(record, 'gpu'), labelOf(record, 'model') ?? record.target?.model);
  if (isSimulated(record)) return 'it was simulated: nothing was measured';
  const unfit = unfitness(record);
  if (unfit !== undefined) return unfit;
  const level = levelOf(record);
  if (level.kind !== 'users') return 'it has an arrival rate; runs of users are needed';
  const value = (metric: string, key: string) => record.metrics[metric]?.values[key];
  const [tokensPerSecond, e2e, prompt] = [
    value('llm_output_tokens_per_second', 'value'),
    value('llm_e2e', 'avg'),
    value('llm_input_tokens', 'avg'),
  ];
  const output = value('llm_output_tokens', 'avg');
  if (!tokensPerSecond || !e2e || prompt === undefined || !output) return 'it has no token counts or latencies';
  const hits = record.server?.prefixHitRate ?? 0;
  return {
    ...{ name: file, deployment, users: level.value, settings: settingsOf(record) },
    requests: record.metrics.llm_requests?.values.count ?? Math.round((tokensPerSecond * record.run.seconds) / output),
    isSteady: !record.plan.scenarios.every(({ executor }) => executor.endsWith('iterations')),
    promptTokens: prompt * (1 - hits),
    answer: lengthsOf(output, value('llm_output_tokens', 'stddev') ?? 0),
    figures: {
      ...{ tokensPerSecond, e2e, ttft: value('llm_ttft', 'avg'), ttftP95: value('llm_ttft', 'p(95)') },
      tpot: value('llm_tpot', 'avg'),
    },
  };
}

/** Settings that labels tell, named as vLLM's flags. */
function settingsOf(record: RunRecord): ServerSettings {
  return {
    apiServers: countOf(record, 'api-server-count'),
    streamInterval: countOf(record, 'stream-interval'),
    maxNumBatchedTokens: countOf(record, 'max-num-batched-tokens'),
    rustFrontend: labelOf(record, 'frontend') === 'rust',
  };
}

/** Even spread with this mean and standard deviation. */
function lengthsOf(mean: number, deviation: number): AnswerLengths {
  const half = Math.sqrt(3) * deviation;
  return { least: Math.max(1, Math.round(mean - half)), most: Math.max(1, Math.round(mean + half)) };
}

function benchRun(file: string, result: BenchFile, deployment: Deployment): MeasuredRun | string {
  const number = (key: string) => (typeof result[key] === 'number' ? result[key] : undefined);
  const { completed } = result;
  refuseOthers(file, deployment, undefined, typeof result.model_id === 'string' ? result.model_id : undefined);
  const [users, input, output] = [
    number('max_concurrency'),
    number('total_input_tokens'),
    number('total_output_tokens'),
  ];
  if (users === undefined || number('request_rate') !== undefined)
    return 'it has an arrival rate, or no --max-concurrency';
  if (completed < 1 || input === undefined || !output) return 'no request was completed in it';
  if ((number('failed') ?? 0) > completed / 100) return `${number('failed')} of its requests failed`;
  const ttft = number('mean_ttft_ms');
  const tpot = number('mean_tpot_ms');
  const mean = output / completed;
  const e2e =
    number('mean_e2el_ms') ?? (ttft === undefined || tpot === undefined ? undefined : ttft + tpot * (mean - 1));
  if (e2e === undefined) return 'it has no latencies';
  const lengths = Array.isArray(result.output_lens)
    ? result.output_lens.filter((each) => typeof each === 'number')
    : [];
  const deviation = Math.sqrt(lengths.reduce((sum, each) => sum + (each - mean) ** 2, 0) / Math.max(1, lengths.length));
  return {
    ...{ name: file, deployment, users, settings: {}, requests: completed, isSteady: false },
    ...{ promptTokens: input / completed, answer: lengthsOf(mean, deviation) },
    figures: { tokensPerSecond: result.output_throughput, e2e, ttft, ttftP95: number('p95_ttft_ms'), tpot },
  };
}

function refuseOthers(
  file: string,
  { card, model }: Deployment,
  gpu: string | undefined,
  name: string | undefined,
): void {
  const [otherCard, otherModel] = [findCard(gpu ?? ''), findModel(name ?? '')];
  if (gpu !== undefined && otherCard !== card) {
    throw configError(file, `its card is ${gpu}, not ${card.name}`, 'calibrate each card by itself');
  }
  if (otherModel && otherModel !== model) {
    throw configError(file, `its model is ${name}, not ${model.name}`, 'calibrate each model by itself');
  }
}

/** Least runs that constants can be fitted to. */
const LEAST_RUNS = 3;

/** Throws a UserError that says which runs are missing. */
export function refuseTooFew({ runs, leftOut }: ReadRuns): void {
  const missing = [
    ...(runs.some(({ users }) => users <= 4) ? [] : ['one of 1 to 4 users, for the time of a step']),
    ...(runs.some(({ users }) => users >= 32) ? [] : ['one of 32 users or more, for the time that each adds']),
    ...(runs.some(({ promptTokens }) => promptTokens >= 1000)
      ? []
      : ['one with prompts of 1,000 tokens or more that the prefix cache does not have']),
  ];
  if (missing.length === 0 && runs.length >= LEAST_RUNS) return;
  const what = missing.length > 0 ? `there is no run of these: ${missing.join('; ')}` : `there are ${runs.length} runs`;
  const told = leftOut.map(({ file, why }) => `\nleft out ${file}: ${why}`).join('');
  throw configError(
    'calibrate',
    `too few runs: ${what}${told}`,
    `measure what is missing; at least ${LEAST_RUNS} runs are needed`,
  );
}

/** Reads the constants of a calibration's file, or bare ones. Throws a UserError. */
export function constantsIn(file: string, document: unknown): unknown {
  const { schema, constants } = Object(document) as { readonly schema?: unknown; readonly constants?: unknown };
  if (schema === undefined) return document;
  if (schema === 'tokenswarm/calibration') return constants;
  throw configError(file, `it is a ${messageOf(schema)}, not constants`, 'give a file that tokenswarm calibrate wrote');
}
