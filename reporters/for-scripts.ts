import type { Summary } from '../engine/metrics/snapshot.js';
import type { SummaryReporters } from '../engine/metrics/summary-reporters.js';
import { asRecorded } from './json.js';
import { readOutputs, renderOutput } from './outputs.js';
import { findTextSummary } from './text-summaries.js';

/** Reporters for `handleSummary`: every text and report of the command line. They throw UserErrors. */
export function reportersFor(original: Summary): SummaryReporters {
  const summary = asRecorded(original);
  return {
    text: (name, color) => findTextSummary(name).render(summary, { color }),
    files(texts) {
      const rendered = readOutputs(texts, 'afterwards').flatMap((output) => renderOutput(output, summary));
      return Object.fromEntries(rendered.map(({ path, content }) => [path, content]));
    },
  };
}
