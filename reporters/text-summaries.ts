import { configError, didYouMean } from '../engine/errors.js';
import type { Summary } from '../engine/metrics/snapshot.js';
import { summaryJson } from './json.js';
import { locustText } from './locust/text.js';
import { type SummaryTextOptions, summaryText } from './run/summary.js';
import { vllmText } from './vllm/text.js';

/** Text format of a run's record. */
export interface TextSummary {
  readonly name: string;
  /** Content, in a few words. */
  readonly meaning: string;
  /** True where it says whether the run failed, and why. */
  readonly judges?: true;
  /** True where it needs rows of requests, in Locust's terms. */
  readonly requestRows?: boolean;
  readonly render: (summary: Summary, options?: SummaryTextOptions) => string;
}

/** All formats of `--summary NAME`; the first is the default. */
export const TEXT_SUMMARIES: readonly TextSummary[] = [
  {
    name: 'text',
    meaning: 'what is needed first: verdict, thresholds, latencies, rates, failures, caveats',
    judges: true,
    render: summaryText,
  },
  {
    name: 'full',
    meaning: 'that, and every percentile, request name, group, the server and the execution',
    judges: true,
    render: (summary, options) => summaryText(summary, { ...options, full: true }),
  },
  { name: 'json', meaning: 'the whole record', requestRows: true, render: (summary) => summaryJson(summary) },
  {
    name: 'locust',
    meaning: "Locust's tables, with rows for TTFT, TPOT, ITL and E2E",
    requestRows: true,
    render: (summary) => locustText(summary),
  },
  {
    name: 'locust-requests',
    meaning: "Locust's tables",
    requestRows: true,
    render: (summary) => locustText(summary, false),
  },
  { name: 'vllm', meaning: 'the block of vllm bench serve', render: (summary) => vllmText(summary) },
  { name: 'none', meaning: 'nothing', render: () => '' },
];

/** Format of a name. Throws a UserError that lists the known ones. */
export function findTextSummary(name = 'text'): TextSummary {
  const found = TEXT_SUMMARIES.find((form) => form.name === name);
  if (found) return found;
  const names = TEXT_SUMMARIES.map((form) => form.name);
  throw configError(
    '--summary',
    `there is no summary called ${JSON.stringify(name)}${didYouMean(name, names)}`,
    `there are ${names.join(', ')}`,
  );
}
