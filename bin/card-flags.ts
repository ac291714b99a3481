import type { Command } from 'commander';
import { configError } from '../engine/errors.js';
import { cardNamed, DEFAULT_ENGINE, ENGINES, efficiencyOf, engineNamed, modelNamed } from '../engine/hardware/index.js';
import type { CardOptions } from '../engine/simulator/index.js';
import { readConstants } from './constants-file.js';
import { choice, integer, share } from './flag-values.js';

/** Flags of a simulated card, named as in vLLM where possible. */
export interface CardFlags {
  readonly card?: string;
  readonly modelArch?: string;
  readonly tensorParallelSize?: number;
  readonly gpuMemoryUtilization?: number;
  readonly maxModelLen?: number;
  readonly maxNumBatchedTokens?: number;
  readonly blockSize?: number;
  readonly quantization?: keyof typeof QUANTIZATIONS;
  readonly kvCacheDtype?: keyof typeof KV_TYPES;
  readonly enablePrefixCaching?: boolean;
  readonly enableChunkedPrefill?: boolean;
  readonly speculativeTokens?: number;
  readonly acceptanceRate?: number;
  readonly efficiency?: string;
  readonly engine?: string;
  readonly apiServerCount?: number;
  readonly streamInterval?: number;
  readonly rustFrontend?: boolean;
}

const QUANTIZATIONS = { fp8: 'fp8', int8: 'int8', awq: 'int4', gptq: 'int4' } as const;
const KV_TYPES = { auto: 'bf16', bfloat16: 'bf16', fp8: 'fp8', fp8_e4m3: 'fp8', fp8_e5m2: 'fp8' } as const;

/** Every flag that says something of a card alone, by its property. */
const ALONE: Readonly<Record<Exclude<keyof CardFlags, 'card'>, string>> = {
  modelArch: '--model-arch',
  tensorParallelSize: '--tensor-parallel-size',
  gpuMemoryUtilization: '--gpu-memory-utilization',
  maxModelLen: '--max-model-len',
  maxNumBatchedTokens: '--max-num-batched-tokens',
  blockSize: '--block-size',
  quantization: '--quantization',
  kvCacheDtype: '--kv-cache-dtype',
  enablePrefixCaching: '--enable-prefix-caching',
  enableChunkedPrefill: '--enable-chunked-prefill',
  speculativeTokens: '--speculative-tokens',
  acceptanceRate: '--acceptance-rate',
  efficiency: '--efficiency',
  engine: '--engine',
  apiServerCount: '--api-server-count',
  streamInterval: '--stream-interval',
  rustFrontend: '--rust-frontend',
};

/** Default acceptance rate of drafted tokens. */
const USUAL_ACCEPTANCE = 0.7;

/** Adds the flags of a card to a command. */
export function addCardFlags(command: Command): Command {
  return command
    .option('--card <name>', 'simulate a server on this card: rtx-4090, a800, h800, h20, …; see docs/hardware.md')
    .option('--model-arch <name>', "card: the model's architecture: qwen2.5-7b, …; default: --model")
    .option(
      '--tensor-parallel-size <count>',
      'card: tensor parallelism, default 1',
      integer(ALONE.tensorParallelSize, 1),
    )
    .option(
      '--gpu-memory-utilization <share>',
      "card: share of its memory that may be used (default: the version's, 0.9 or 0.92)",
      share(ALONE.gpuMemoryUtilization),
    )
    .option('--max-model-len <tokens>', 'card: the longest sequence', integer(ALONE.maxModelLen, 16))
    .option('--max-num-batched-tokens <tokens>', 'card: most tokens per step', integer(ALONE.maxNumBatchedTokens, 1))
    .option(
      '--block-size <tokens>',
      'card: tokens in a block of the KV cache (default: 16)',
      integer(ALONE.blockSize, 1, 256),
    )
    .option(
      '--quantization <method>',
      'card: precision of weights: fp8, int8, awq or gptq',
      choice('--quantization', QUANTIZATIONS),
    )
    .option('--kv-cache-dtype <type>', 'card: auto or fp8', choice('--kv-cache-dtype', KV_TYPES))
    .option('--enable-prefix-caching', 'card: prefix caching (default)')
    .option('--no-enable-prefix-caching', 'card: no prefix caching')
    .option('--enable-chunked-prefill', 'card: chunked prefill (default)')
    .option('--no-enable-chunked-prefill', 'card: no chunked prefill')
    .option('--speculative-tokens <count>', 'card: draft tokens per step', integer(ALONE.speculativeTokens, 1, 64))
    .option(
      '--acceptance-rate <share>',
      `card: acceptance rate of drafts (default: ${USUAL_ACCEPTANCE})`,
      share(ALONE.acceptanceRate),
    )
    .option(
      '--engine <version>',
      `card: version of the server: ${[...ENGINES.keys()].join(', ')} (default: ${DEFAULT_ENGINE.slug})`,
    )
    .option('--api-server-count <count>', 'card: processes of the front-end', integer(ALONE.apiServerCount, 1, 64))
    .option('--stream-interval <tokens>', 'card: tokens per event', integer(ALONE.streamInterval, 1, 4096))
    .option('--rust-frontend', 'card: the front-end in Rust')
    .option('--efficiency <file>', 'card: JSON file with efficiency constants; see docs/hardware.md');
}

/** Card of the flags and variables. Undefined without `--card`; throws a UserError for flags that need others. */
export function cardOf(
  flags: CardFlags,
  model: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): CardOptions | undefined {
  const { card, speculativeTokens: drafts, acceptanceRate } = flags;
  if (card === undefined) {
    const [lonely] = Object.entries(ALONE).filter(([name]) => flags[name as keyof CardFlags] !== undefined);
    if (lonely) throw configError(lonely[1], 'it needs a card', 'name one: --card h800');
    return undefined;
  }
  const arch = flags.modelArch ?? model;
  if (arch === undefined) {
    throw configError('--card', 'a card needs a model to serve', 'name its architecture: --model-arch qwen2.5-7b');
  }
  if (acceptanceRate !== undefined && drafts === undefined) {
    throw configError('--acceptance-rate', 'it needs draft tokens', 'for example --speculative-tokens 3');
  }
  const engine = flags.engine === undefined ? DEFAULT_ENGINE : engineNamed(flags.engine, '--engine');
  const constants = efficiencyOf(engine, flags.rustFrontend);
  return {
    engine,
    apiServers: flags.apiServerCount,
    streamInterval: flags.streamInterval,
    rustFrontend: flags.rustFrontend,
    deployment: {
      card: cardNamed(card, '--card'),
      model: modelNamed(arch, flags.modelArch === undefined ? '--model' : '--model-arch'),
      tensorParallel: flags.tensorParallelSize ?? 1,
      weights: flags.quantization === undefined ? 'bf16' : QUANTIZATIONS[flags.quantization],
      kv: KV_TYPES[flags.kvCacheDtype ?? 'auto'],
    },
    efficiency: flags.efficiency === undefined ? undefined : readConstants(flags.efficiency, constants).efficiency,
    gpuMemoryUtilization: flags.gpuMemoryUtilization,
    maxModelLen: flags.maxModelLen,
    allowLong: env.VLLM_ALLOW_LONG_MAX_MODEL_LEN === '1',
    maxNumBatchedTokens: flags.maxNumBatchedTokens,
    blockSize: flags.blockSize,
    prefixCaching: flags.enablePrefixCaching,
    chunkedPrefill: flags.enableChunkedPrefill,
    speculation: drafts === undefined ? undefined : { tokens: drafts, acceptance: acceptanceRate ?? USUAL_ACCEPTANCE },
  };
}
