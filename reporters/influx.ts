import type { LogRecord } from '../engine/metrics/log-record.js';
import type { Reporter } from '../engine/metrics/reporter.js';
import type { Snapshot } from '../engine/metrics/snapshot.js';
import { type Points, pointsOf, statePoints } from './k6-samples.js';
import { logFile } from './log-file.js';

/**
 * Log of every sample in InfluxDB's line protocol. A line has metric, tags, `value`, and nanoseconds since 1970. A line
 * break in a tag becomes a blank, since the protocol has none. Source: InfluxDB, line protocol reference.
 */
export function influx(name: string, path: string): Reporter {
  const lines = (all: readonly Points[], startedAt: Date) => {
    let text = '';
    for (const { at, tags, metadata, values } of all) {
      const told = Object.entries({ ...tags, ...metadata }).filter(([, value]) => value !== '');
      const labels = told.map(([tag, value]) => `,${escaped(tag)}=${escaped(value)}`).join('');
      const time = `${Math.round((startedAt.getTime() + at) * 1000)}000`;
      for (const [metric, , value] of values) {
        if (value !== undefined) text += `${escaped(metric)}${labels} value=${value} ${time}\n`;
      }
    }
    return text;
  };
  const encode = (records: readonly LogRecord[], startedAt: Date) => lines(records.flatMap(pointsOf), startedAt);
  const encodeState = (snapshot: Snapshot, startedAt: Date) => lines([statePoints(snapshot)], startedAt);
  return logFile(name, path, { details: { gaps: true, samples: true }, head: '', encode, encodeState });
}

/** Name or value of a tag. A backslash at its end would escape what follows. */
function escaped(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/[, =]/g, '\\$&')
    .replace(/\\$/, '\\ ');
}
