import type { Summary } from '../../engine/metrics/snapshot.js';
import { paint } from '../paint.js';
import { byTarget } from './by-target.js';
import { caveats } from './caveats.js';
import { checkList } from './check-list.js';
import { customMetrics } from './custom-metrics.js';
import { execution } from './execution.js';
import { failureList, scriptErrors } from './failure-list.js';
import { groupList } from './group-list.js';
import { head } from './head.js';
import { http } from './http.js';
import { latency } from './latency.js';
import type { Page } from './section.js';
import { server } from './server.js';
import { thresholdList } from './threshold-list.js';
import { throughput } from './throughput.js';
import { verdict } from './verdict.js';

/** Extent and appearance of the text summary. */
export interface SummaryTextOptions {
  /** Every section and percentile. Default: no, what is needed first. */
  readonly full?: boolean;
  /** Default: no. */
  readonly color?: boolean;
  /** Columns; default and minimum: 80, since tables need them. */
  readonly width?: number;
}

/** End-of-run summary for people. */
export function summaryText(summary: Summary, options: SummaryTextOptions = {}): string {
  const page: Page = {
    summary,
    paint: paint(options.color ?? false),
    width: Math.max(80, options.width ?? 80),
    isFull: options.full ?? false,
    footnotes: new Set(),
  };
  const sections = [
    head(page),
    verdict(page),
    thresholdList(page),
    latency(page),
    throughput(page),
    server(page),
    byTarget(page),
    http(page),
    failureList(page),
    scriptErrors(page),
    checkList(page),
    groupList(page),
    customMetrics(page),
    execution(page),
    caveats(page),
    hint(page),
  ];
  return `\n${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n\n`;
}

/** Way to what a short summary leaves out. */
function hint({ isFull, paint, summary }: Page): readonly string[] {
  return isFull || Object.keys(summary.metrics).length === 0
    ? []
    : [paint.dim('  --summary full shows all percentiles, requests by name, server and execution')];
}
