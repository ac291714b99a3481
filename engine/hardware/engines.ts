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
    source: 'Qwen2.5 on an A100, as published by Qwen',
  },
  {
    slug: 'vllm-0.24',
    utilization: 0.92,
    constants: {
      ...{ memoryBandwidth: 0.956, compute: 0.625, operationUs: 7.81, hostOverlap: 1, memoryOverheadGb: 3.9 },
      ...{ stepOverheadMs: 1.97, sequenceOverheadUs: 32.7, promptStepMs: 2.76, promptMs: 1.96 },
      ...{ requestMs: 0.55, requestTurns: 8, poolMs: 1.77, switchMs: 2.44, requestWaitMs: 3.68, promptTokenUs: 6.83 },
      ...{ messageUs: 86.6, tokenUs: 27.6, eventUs: 78.3 },
    },
    rust: {
      ...{ requestMs: 0.05, requestTurns: 2, poolMs: 0, switchMs: 0, requestWaitMs: 2.75, promptTokenUs: 1.06 },
      ...{ messageUs: 20, tokenUs: 2.4, eventUs: 5.6, chunkTokens: 1e9 },
    },
    source: 'fitted to 36 runs of vLLM 0.24.0 on an H200: Qwen2.5 in 0.5B, 7B and 32B, bf16 and fp8; see below',
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
