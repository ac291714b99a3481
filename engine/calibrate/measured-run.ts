import type { Deployment } from '../hardware/index.js';
import type { CardOptions } from '../simulator/index.js';

/** Figures of a run that constants are fitted to. Latencies in milliseconds. */
export interface RunFigures {
  readonly tokensPerSecond: number;
  /** Absent where answers were not streamed. */
  readonly ttft?: number | undefined;
  readonly ttftP95?: number | undefined;
  readonly tpot?: number | undefined;
  readonly e2e: number;
}

/** Lengths of answers in tokens, spread evenly between two. */
export interface AnswerLengths {
  readonly least: number;
  readonly most: number;
}

/** Settings of the server under test that its speed depends on. */
export interface ServerSettings {
  readonly apiServers?: number | undefined;
  readonly streamInterval?: number | undefined;
  readonly rustFrontend?: boolean | undefined;
  readonly maxNumBatchedTokens?: number | undefined;
  /** vLLM's VLLM_V1_OUTPUT_PROC_CHUNK_SIZE. */
  readonly chunkTokens?: number | undefined;
  readonly speculation?: CardOptions['speculation'];
}

/** Run of users in a closed loop, without pauses between requests. */
export interface MeasuredRun {
  /** File or name, for messages. */
  readonly name: string;
  readonly deployment: Deployment;
  readonly settings: ServerSettings;
  readonly users: number;
  /** Requests of all users. */
  readonly requests: number;
  /** False where the figures include the end of the load. */
  readonly isSteady: boolean;
  /** Mean tokens of a prompt, without those found in the prefix cache. */
  readonly promptTokens: number;
  readonly answer: AnswerLengths;
  readonly figures: RunFigures;
}

/** Golden ratio, whose multiples fill the range from 0 to 1 evenly. */
const GOLDEN = 0.6180339887498949;

/** Length of an answer by the number of its request, in tokens. Even over the range from the first request on. */
export function answerLength({ least, most }: AnswerLengths, request: number): number {
  return least + Math.floor(((request * GOLDEN) % 1) * (most - least + 1));
}
