import { configError, didYouMean } from '../errors.js';
import { DEFAULT_EFFICIENCY, type Efficiency } from './efficiency.js';

/** Version of an inference server, from which on its constants hold. */
export interface EngineVersion {
  /** Name in the catalogue, such as `vllm-0.24`. */
  readonly slug: string;
  /** Default share of a card's memory that it uses. */
  readonly utilization: number;
  /** Constants in which it differs from the table of constants. */
  readonly constants: Partial<Efficiency>;
  /** Constants of its front-end in Rust; undefined if it has none. */
  readonly rust: Partial<Efficiency> | undefined;
  /** Card of the catalogue that its constants were measured on. */
  readonly measuredOn: string;
  /** Source of its constants. */
  readonly source: string;
}

/** Known versions, the oldest first. */
const ALL: readonly EngineVersion[] = [
  {
    slug: 'vllm-0.6.3',
    utilization: 0.9,
    constants: {},
    rust: undefined,
    measuredOn: 'a100',
    source: 'Qwen2.5 on an A100, as published by Qwen',
  },
  {
    slug: 'vllm-0.24',
    utilization: 0.92,
    constants: {
      ...{ memoryBandwidth: 0.928, compute: 0.657, operationUs: 7.11, hostOverlap: 1, memoryOverheadGb: 3.9 },
      ...{ nvlinkBandwidth: 0.614, nvlinkLatencyUs: 0, stepOverheadMs: 1.92, sequenceOverheadUs: 29.4 },
      ...{ promptStepMs: 3.33, promptMs: 1.59, graphTokens: 512, eagerMs: 14.1 },
      ...{ requestMs: 0.874, requestTurns: 8, poolMs: 1.68, switchMs: 2.26, requestWaitMs: 4.28, promptTokenUs: 6.27 },
      ...{ messageUs: 61.8, tokenUs: 28.4, eventUs: 67.6 },
    },
    rust: {
      ...{ sequenceOverheadUs: 35, promptStepMs: 4.89, promptMs: 0.35 },
      ...{ requestMs: 0.201, requestTurns: 2, poolMs: 0, switchMs: 0, requestWaitMs: 4.32, promptTokenUs: 1.06 },
      ...{ messageUs: 20, tokenUs: 2.36, eventUs: 6.88, chunkTokens: 1e9 },
    },
    measuredOn: 'h200',
    source:
      'fitted to runs of vLLM 0.24.0 on an H200, and on two: Qwen2.5 in 0.5B, 7B, 14B and 32B, bf16 and fp8; see below',
  },
];

/** Versions by slug. */
export const ENGINES: ReadonlyMap<string, EngineVersion> = new Map(ALL.map((engine) => [engine.slug, engine]));

/** Version that is simulated unless another is named. */
export const DEFAULT_ENGINE = ENGINES.get('vllm-0.6.3')!;

/** Finds a version, or throws a UserError that lists all. `where` is the flag or place of the name. */
export function engineNamed(name: string, where: string): EngineVersion {
  const engine = ENGINES.get(name.toLowerCase());
  if (engine) return engine;
  const known = [...ENGINES.keys()];
  throw configError(
    where,
    `there are no constants of ${JSON.stringify(name)}${didYouMean(name, known)}`,
    `known are ${known.join(', ')}; for others calibrate your own`,
  );
}

/** Constants of a version, with its front-end in Python or Rust. */
export function efficiencyOf(engine: EngineVersion, isRust = false): Efficiency {
  return { ...DEFAULT_EFFICIENCY, ...engine.constants, ...(isRust && engine.rust) };
}
