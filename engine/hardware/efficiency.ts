import { didYouMean } from '../errors.js';

/** Efficiency of real servers, relative to the roofline. */
export interface Efficiency {
  readonly memoryBandwidth: number;
  readonly compute: number;
  readonly tileRows: number;
  readonly nvlinkBandwidth: number;
  readonly pcieBandwidth: number;
  readonly nvlinkLatencyUs: number;
  readonly pcieLatencyUs: number;
  readonly operationUs: number;
  readonly operationsPerLayer: number;
  readonly stepOverheadMs: number;
  readonly sequenceOverheadUs: number;
  readonly promptStepMs: number;
  readonly promptMs: number;
  readonly graphTokens: number;
  readonly eagerMs: number;
  readonly hostOverlap: number;
  readonly draftShare: number;
  readonly memoryOverheadGb: number;
  readonly linkMemoryGb: number;
  readonly requestMs: number;
  readonly requestTurns: number;
  readonly poolMs: number;
  readonly switchMs: number;
  readonly requestWaitMs: number;
  readonly promptTokenUs: number;
  readonly messageUs: number;
  readonly tokenUs: number;
  readonly eventUs: number;
  readonly chunkTokens: number;
}

interface Constant {
  readonly value: number;
  /** Inclusive bounds of valid values. */
  readonly least: number;
  readonly most: number;
  readonly meaning: string;
  /** Source or reason of the value. */
  readonly source: string;
}

/** Constants between the roofline and a step of a real server. Each has its source; no other code has any. */
export const CONSTANTS: Readonly<Record<keyof Efficiency, Constant>> = {
  memoryBandwidth: {
    ...{ value: 0.8, least: 0.05, most: 1 },
    meaning: 'achieved share of the peak memory bandwidth',
    source: 'aiconfigurator, `mem_bw_empirical_scaling_factor`; practice is 0.6 to 0.85',
  },
  compute: {
    ...{ value: 0.7, least: 0.05, most: 1 },
    meaning: 'achieved share of the peak of the matrix units',
    source: 'large matrices on Hopper reach 0.65 to 0.75 of the data sheet in bf16, on Ampere somewhat more',
  },
  tileRows: {
    ...{ value: 1, least: 1, most: 256 },
    meaning: 'minimum number of tokens whose time a multiplication takes',
    source:
      'the roofline has no such limit; kernels compute in tiles, and on Hopper the matrix units take 64 rows: see below',
  },
  nvlinkBandwidth: {
    ...{ value: 0.8, least: 0.05, most: 1 },
    meaning: 'share of NVLink bandwidth that all-reduces reach',
    source: 'bus bandwidth of nccl-tests for large messages',
  },
  pcieBandwidth: {
    ...{ value: 0.7, least: 0.05, most: 1 },
    meaning: 'the same over PCIe',
    source: 'copies reach about 25 of the 32 GB/s of PCIe 4.0; without peer access they go through host memory',
  },
  nvlinkLatencyUs: {
    ...{ value: 20, least: 0, most: 1000 },
    meaning: 'microseconds per all-reduce over NVLink',
    source: 'fitted to published speeds of 72B on 2 and 4 A100, see below; includes the wait for the slowest card',
  },
  pcieLatencyUs: {
    ...{ value: 40, least: 0, most: 10_000 },
    meaning: 'the same over PCIe',
    source: 'twice that of NVLink, because without peer access data go through host memory; an estimate',
  },
  operationUs: {
    ...{ value: 8, least: 0, most: 1000 },
    meaning: 'microseconds per operation in addition to reading and computing',
    source: 'fitted to published speeds on an A100, see below; aiconfigurator has 3 (`mem_empirical_constant_latency`)',
  },
  operationsPerLayer: {
    ...{ value: 8, least: 0, most: 100 },
    meaning: 'operations in a layer',
    source: 'two norms, query-key-value, attention, output, gate and up, activation, down',
  },
  stepOverheadMs: {
    ...{ value: 1.2, least: 0, most: 1000 },
    meaning: 'milliseconds per step in addition to its operations: scheduling, preparing inputs, sampling',
    source: 'fitted to the same',
  },
  sequenceOverheadUs: {
    ...{ value: 5, least: 0, most: 10_000 },
    meaning: 'microseconds added per sequence of a step',
    source: 'sampling and updating the state of a request on the host; an estimate',
  },
  promptStepMs: {
    ...{ value: 0, least: 0, most: 1000 },
    meaning: 'milliseconds of the host added to a step that computes prompts',
    source: 'not known for old servers; newer ones decode by CUDA graphs, which prompts in the batch prevent in part',
  },
  promptMs: {
    ...{ value: 0, least: 0, most: 1000 },
    meaning: 'milliseconds of the host added for each prompt of a step: admitting it',
    source: 'not known for old servers',
  },
  graphTokens: {
    ...{ value: 1e9, least: 1, most: 1e9 },
    meaning: 'most tokens of a step that a CUDA graph was captured for',
    source: "no limit; vLLM's `max_cudagraph_capture_size`, by default 512 in 0.24",
  },
  eagerMs: {
    ...{ value: 0, least: 0, most: 1000 },
    meaning: 'milliseconds of the host added to a step of more tokens, whose operations are launched one by one',
    source: 'not known for old servers',
  },
  hostOverlap: {
    ...{ value: 0, least: 0, most: 1 },
    meaning: "share of the host's time of a step that the card computes meanwhile",
    source: 'none before asynchronous scheduling, all with it',
  },
  draftShare: {
    ...{ value: 0.1, least: 0, most: 10 },
    meaning: 'time to draft a token, as a share of a decode step',
    source:
      'a head of one layer (EAGLE) reads that layer and the output head: about a tenth of a model of 7B; looking drafts up in the prompt (ngram) takes 0',
  },
  memoryOverheadGb: {
    ...{ value: 3.5, least: 0, most: 100 },
    meaning: 'GB per card in addition to weights and KV cache: activations, CUDA context and graphs',
    source: 'aiconfigurator, `other_mem` of its system files',
  },
  linkMemoryGb: {
    ...{ value: 0.37, least: 0, most: 100 },
    meaning: 'additional GB per card if several cards communicate',
    source: 'aiconfigurator, `nccl_mem`: 342 to 392 MB on 2 to 8 cards',
  },
  requestMs: {
    ...{ value: 0, least: 0, most: 1000 },
    meaning: 'front-end: milliseconds of an API process per request: HTTP, validation, chat template',
    source: 'not known for old servers: see the table of versions',
  },
  requestTurns: {
    ...{ value: 2, least: 2, most: 100 },
    meaning: 'front-end: turns of its event loop that a request takes, half of them before its prompt is tokenized',
    source: 'the same',
  },
  poolMs: {
    ...{ value: 0, least: 0, most: 1000 },
    meaning: 'front-end: milliseconds of the one thread that renders and tokenizes prompts, per request',
    source: 'the same',
  },
  switchMs: {
    ...{ value: 5, least: 0, most: 1000 },
    meaning: 'front-end: milliseconds that this thread waits for a busy event loop to let it run, twice a request',
    source: "CPython's `sys.getswitchinterval()`",
  },
  requestWaitMs: {
    ...{ value: 0, least: 0, most: 1000 },
    meaning: 'front-end: milliseconds that a request waits beside the event loop, for threads and other processes',
    source: 'the same',
  },
  promptTokenUs: {
    ...{ value: 0, least: 0, most: 1000 },
    meaning: 'front-end: microseconds of tokenizing per token of a prompt',
    source: 'the same',
  },
  messageUs: {
    ...{ value: 0, least: 0, most: 100_000 },
    meaning: 'front-end: microseconds per step of the engine: receiving and unpacking its tokens, statistics',
    source: 'the same',
  },
  tokenUs: {
    ...{ value: 0, least: 0, most: 10_000 },
    meaning: 'front-end: microseconds per token received: detokenizing',
    source: 'the same',
  },
  eventUs: {
    ...{ value: 0, least: 0, most: 10_000 },
    meaning: 'front-end: microseconds per event sent: JSON, HTTP, writing to a socket',
    source: 'the same',
  },
  chunkTokens: {
    ...{ value: 128, least: 1, most: 1e9 },
    meaning: 'front-end: streams of a step whose tokens are handled before their events are sent',
    source: "vLLM's `VLLM_V1_OUTPUT_PROC_CHUNK_SIZE`",
  },
};

const NAMES = Object.keys(CONSTANTS) as readonly (keyof Efficiency)[];

function each(of: (name: keyof Efficiency) => number): Efficiency {
  return Object.fromEntries(NAMES.map((name) => [name, of(name)])) as unknown as Efficiency;
}

/** Default efficiency. */
export const DEFAULT_EFFICIENCY: Efficiency = each((name) => CONSTANTS[name].value);

/** Efficiency of the roofline itself, without losses. */
export const IDEAL_EFFICIENCY: Efficiency = {
  ...each(() => 0),
  ...{ memoryBandwidth: 1, compute: 1, tileRows: 1, nvlinkBandwidth: 1, pcieBandwidth: 1 },
  ...{ requestTurns: 2, chunkTokens: 128, graphTokens: 1e9 },
};

/** Merges a user's constants into `base`. `problems` lists all invalid ones. */
export function readEfficiency(
  given: unknown,
  base: Efficiency = DEFAULT_EFFICIENCY,
): {
  readonly efficiency: Efficiency;
  readonly problems: readonly string[];
} {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return { efficiency: base, problems: [`expected an object such as {"compute": 0.7}`] };
  }
  const problems = Object.entries(given).flatMap(([name, value]: [string, unknown]) => {
    const constant = NAMES.includes(name as keyof Efficiency) ? CONSTANTS[name as keyof Efficiency] : undefined;
    if (!constant)
      return [`${name}: there is no such constant${didYouMean(name, NAMES) || `; use ${NAMES.join(', ')}`}`];
    const { least, most } = constant;
    if (typeof value === 'number' && value >= least && value <= most) return [];
    return [`${name}: expected a number from ${least} to ${most}, got ${JSON.stringify(value)}`];
  });
  return { efficiency: { ...base, ...(problems.length === 0 && given) }, problems };
}
