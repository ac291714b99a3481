import { Aggregator } from '../../engine/metrics/aggregator.js';
import { Recorder } from '../../engine/metrics/recorder.js';
import type { RunStart } from '../../engine/metrics/reporter.js';

/** Start of a run with these records. Its steady state is its first ten seconds. */
export function liveRun(
  record: (recorder: Recorder) => void,
  more: Partial<RunStart> = {},
): RunStart & { readonly warnings: readonly string[] } {
  const recorder = new Recorder(0, 0, { from: 0, to: 10_000 });
  record(recorder);
  const aggregator = new Aggregator();
  aggregator.apply(structuredClone(recorder.flush(12_000, [])));
  const warnings: string[] = [];
  return {
    scenario: 'chat.ts',
    startedAt: new Date('2026-11-25T07:06:13Z'),
    labels: { gpu: 'H200' },
    tags: {},
    target: { baseUrl: 'http://127.0.0.1:8000/v1', model: 'm', simulated: true },
    record: { series: aggregator.series, seconds: { steady: 10, outside: 2 } },
    warn: (text) => warnings.push(text),
    ...more,
    warnings,
  };
}
