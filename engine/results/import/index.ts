import { aiperf, aiperfCsv } from './aiperf-run.js';
import { endpoints } from './endpoints-run.js';
import { evalscope, evalscopePercentiles } from './evalscope-run.js';
import { genaiBench } from './genai-bench-run.js';
import { guidellm, guidellmCsv } from './guidellm-run.js';
import type { Importer } from './importer.js';
import { inferencePerf } from './inference-perf-run.js';
import { llmperf, llmperfResponses } from './llmperf-run.js';
import { locust } from './locust-run.js';
import { sglang } from './sglang-run.js';
import { vllm } from './vllm-run.js';

/** Readers of the result files of other tools. */
export const IMPORTERS: readonly Importer[] = [
  vllm,
  sglang,
  guidellm,
  guidellmCsv,
  aiperf,
  aiperfCsv,
  evalscope,
  evalscopePercentiles,
  genaiBench,
  inferencePerf,
  llmperf,
  llmperfResponses,
  endpoints,
  locust,
];
