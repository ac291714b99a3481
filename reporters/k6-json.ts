import type { LogRecord } from '../engine/metrics/log-record.js';
import type { Reporter } from '../engine/metrics/reporter.js';
import type { Snapshot } from '../engine/metrics/snapshot.js';
import { keptTags, type Points, pointsOf, statePoints } from './k6-samples.js';
import { logFile } from './log-file.js';

/** Log of every sample as a line, as k6's `--out json`. A `Metric` before its first `Point`. */
export function k6Json(name: string, path: string): Reporter {
  const told = new Set<string>();
  const lines = ({ at, tags, metadata, values }: Points, startedAt: Date) => {
    let text = '';
    const time = new Date(startedAt.getTime() + at).toISOString();
    for (const [metric, { kind, contains }, value] of values) {
      if (value === undefined) continue;
      if (!told.has(metric)) {
        const data = { name: metric, type: kind, contains, thresholds: [], submetrics: null };
        text += `${JSON.stringify({ type: 'Metric', data, metric })}\n`;
        told.add(metric);
      }
      text += `${JSON.stringify({ metric, type: 'Point', data: { time, value, tags, metadata } })}\n`;
    }
    return text;
  };
  const encode = (records: readonly LogRecord[], startedAt: Date) =>
    records.flatMap(pointsOf).reduce((text, points) => text + lines(keptTags(points, kept), startedAt), '');
  const encodeState = (snapshot: Snapshot, startedAt: Date) => lines(statePoints(snapshot), startedAt);
  let kept: readonly string[] | undefined;
  const file = logFile(name, path, { details: { gaps: true, samples: true }, head: '', encode, encodeState });
  const onStart: Reporter['onStart'] = (start) => {
    kept = start.systemTags;
    return file.onStart?.(start);
  };
  return { ...file, onStart };
}
