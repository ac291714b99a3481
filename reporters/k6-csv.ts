import { lazily } from '../engine/lazy-require.js';
import type { LogRecord } from '../engine/metrics/log-record.js';
import type { Reporter } from '../engine/metrics/reporter.js';
import type { Snapshot } from '../engine/metrics/snapshot.js';
import { FOREIGN_CELLS } from './csv-cells.js';
import { keptTags, type Points, pointsOf, statePoints } from './k6-samples.js';
import { logFile } from './log-file.js';

const csv = lazily<typeof import('csv-stringify/sync')>('csv-stringify/sync');

/** Tags with a column of their own: k6's default system tags. All others are in `extra_tags`. */
const SYSTEM = [
  ...['check', 'error', 'error_code', 'expected_response', 'group', 'method', 'name', 'proto', 'scenario', 'service'],
  ...['status', 'subproto', 'tls_version', 'url'],
];

const COLUMNS = ['metric_name', 'timestamp', 'metric_value', ...SYSTEM, 'extra_tags', 'metadata'];

/** Log of every sample as a row, as k6's `--out csv`. Times are in whole seconds since 1970. */
export function k6Csv(name: string, path: string): Reporter {
  const toCsv = (all: readonly Points[], startedAt: Date) => {
    const rows = all.flatMap(({ at, tags, metadata, values }) => {
      const time = Math.floor((startedAt.getTime() + at) / 1000);
      const extra = pairs(Object.entries(tags).filter(([tag]) => !SYSTEM.includes(tag)));
      const told = [...SYSTEM.map((tag) => tags[tag] ?? ''), extra, pairs(Object.entries(metadata))];
      return values.flatMap(([metric, , value]) => (value === undefined ? [] : [[metric, time, value, ...told]]));
    });
    return rows.length === 0 ? '' : csv().stringify(rows, FOREIGN_CELLS);
  };
  const encode = (records: readonly LogRecord[], startedAt: Date) =>
    toCsv(
      records.flatMap(pointsOf).map((points) => keptTags(points, kept)),
      startedAt,
    );
  const encodeState = (snapshot: Snapshot, startedAt: Date) => toCsv([statePoints(snapshot)], startedAt);
  let kept: readonly string[] | undefined;
  const file = logFile(name, path, {
    ...{ details: { gaps: true, samples: true }, head: `${COLUMNS.join(',')}\n`, encode, encodeState },
  });
  const onStart: Reporter['onStart'] = (start) => {
    kept = start.systemTags;
    return file.onStart?.(start);
  };
  return { ...file, onStart };
}

function pairs(all: readonly (readonly [name: string, value: string])[]): string {
  return all.map(([name, value]) => `${name}=${value}`).join('&');
}
