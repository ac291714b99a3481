import * as v from 'valibot';
import { configError } from '../errors.js';
import type { RecordChange } from '../metrics/record-change.js';

/** Schema and version of a journal; its first line begins with them. */
const JOURNAL = { schema: 'tokenswarm/journal', version: 1 } as const;

const HEAD = JSON.stringify(JOURNAL).slice(0, -1);

const changed = v.object({ anew: v.boolean(), points: v.array(v.record(v.string(), v.unknown())) });
const row = v.looseObject({ method: v.string(), name: v.string() });
const line = v.object({
  record: v.looseObject({
    server: v.optional(v.looseObject({})),
    gpu: v.optional(v.looseObject({})),
    locust: v.looseObject({ rows: v.array(row) }),
  }),
  intervals: changed,
  server: changed,
  gpu: v.optional(changed),
  rows: v.array(v.intersect([row, changed])),
});

/** First line of a journal: the whole record as a change. */
export function firstLine(change: RecordChange): object {
  return { ...JOURNAL, ...change };
}

/** True for the text of a journal. */
export function isJournal(text: string): boolean {
  return text.startsWith(HEAD);
}

/**
 * Document of the record in a journal. It is the first line, changed by all others. A last line that was cut off is
 * left out. Throws a UserError where any other is damaged.
 */
export function recordInJournal(path: string, text: string): unknown {
  const lines = text.split('\n');
  // What follows the last line break has not been written to its end.
  lines.pop();
  const intervals = new Curve('at');
  const server = new Curve('at');
  const gpu = new Curve('at');
  const rows = new Map<string, Curve>();
  let record: v.InferOutput<typeof line>['record'] | undefined;
  lines.forEach((written, index) => {
    const change = v.safeParse(line, parse(written));
    if (!change.success) throw configError(path, `line ${index + 1} of this journal is damaged`, 'use an earlier copy');
    record = change.output.record;
    intervals.apply(change.output.intervals);
    server.apply(change.output.server);
    if (change.output.gpu) gpu.apply(change.output.gpu);
    for (const each of change.output.rows) {
      const history = rows.get(keyOf(each)) ?? new Curve('index');
      rows.set(keyOf(each), history);
      history.apply(each);
    }
  });
  if (!record) throw configError(path, 'this journal was cut off in its first line', 'use an earlier copy');
  return {
    ...record,
    ...(record.server && { server: { ...record.server, points: server.points } }),
    ...(record.gpu && { gpu: { ...record.gpu, points: gpu.points } }),
    intervals: intervals.points,
    locust: {
      ...record.locust,
      rows: record.locust.rows.map((each) => ({ ...each, history: rows.get(keyOf(each))?.points ?? [] })),
    },
  };
}

/** Points of a curve by their place. */
class Curve {
  readonly #place: 'at' | 'index';
  readonly #points = new Map<unknown, Readonly<Record<string, unknown>>>();

  constructor(place: 'at' | 'index') {
    this.#place = place;
  }

  apply({ anew, points }: v.InferOutput<typeof changed>): void {
    if (anew) this.#points.clear();
    for (const point of points) this.#points.set(point[this.#place], point);
  }

  /** All points, in order. */
  get points(): readonly object[] {
    return [...this.#points.values()].sort((a, b) => Number(a[this.#place]) - Number(b[this.#place]));
  }
}

function keyOf({ method, name }: { readonly method: string; readonly name: string }): string {
  return `${method} ${name}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
