import assert from 'node:assert/strict';
import { UserError } from '../../../engine/errors.js';
import { problemsIn } from '../../../engine/results/json-schema.js';
import { recordOf } from '../../../engine/results/saved-record.js';
import { reportHtml } from '../../../reporters/document/html.js';
import { reportMarkdown } from '../../../reporters/document/markdown.js';
import { summaryJson } from '../../../reporters/json.js';
import { runReport } from '../../../reporters/run/report.js';
import { failing, healthy, interrupted, troubled } from '../reporters/summaries.js';

type Path = readonly (string | number)[];

/** Paths of the places in a document, down to a depth. A list contributes its first entry, a map its first thirty. */
function placesIn(value: unknown, depth: number, path: Path = []): readonly Path[] {
  if (depth === 0 || typeof value !== 'object' || value === null) return [];
  const entries = Array.isArray(value) ? [...value.entries()].slice(0, 1) : Object.entries(value).slice(0, 30);
  return entries.flatMap(([key, inner]) => [[...path, key], ...placesIn(inner, depth - 1, [...path, key])]);
}

/** A copy of a document, with one place of it changed. */
function changed(
  document: unknown,
  path: Path,
  change: (holder: Record<string | number, unknown>, key: string | number) => void,
) {
  const copy: unknown = JSON.parse(JSON.stringify(document));
  let holder = copy as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) holder = holder[key] as typeof holder;
  change(holder, path.at(-1) ?? '');
  return copy;
}

describe('the record of a run, read again', () => {
  const record: unknown = JSON.parse(summaryJson(troubled));

  for (const [what, summary] of Object.entries({ healthy, troubled, failing, interrupted })) {
    it(`is accepted: ${what}`, () => {
      assert.doesNotThrow(() => recordOf('run.json', JSON.parse(summaryJson(summary))));
    });
  }

  const changes: Readonly<Record<string, (holder: Record<string | number, unknown>, key: string | number) => void>> = {
    missing: (holder, key) => void (Array.isArray(holder) ? holder.splice(Number(key), 1) : delete holder[key]),
    'another type': (holder, key) => {
      holder[key] = typeof holder[key] === 'string' ? 7 : 'x';
    },
    null: (holder, key) => {
      holder[key] = null;
    },
  };
  for (const [what, change] of Object.entries(changes)) {
    it(`is refused with the damaged field, or can be reported: ${what}`, () => {
      let refused = 0;
      for (const path of placesIn(record, 3)) {
        const damaged = changed(record, path, change);
        try {
          const summary = recordOf('run.json', damaged);
          reportHtml(runReport(summary));
          reportMarkdown(runReport(summary));
        } catch (error) {
          assert.ok(error instanceof UserError, `${path.join('.')}: ${String(error)}`);
          refused += 1;
        }
      }
      assert.ok(refused > 40, `${refused} refused`);
    });
  }

  const named: readonly Path[] = [
    ['histograms'],
    ['locust'],
    ['target', 'model'],
    ['requests', 'tokenSource'],
    ['requests', 'concurrency', 'peakAtMost'],
    ['failures', 0, 'lastAt'],
  ];
  for (const path of named) {
    it(`is refused by name without ${path.join('.')}`, () => {
      const damaged = changed(record, path, (holder, key) => delete holder[key]);
      assert.throws(
        () => recordOf('run.json', damaged),
        (error: UserError) => error.message === `it is a damaged record:\n${path.join('.')}: it is missing`,
      );
    });
  }
});

describe('the check of a document by its schema', () => {
  it('names the error, by the nearest of several forms', () => {
    const schema = {
      type: 'object',
      required: ['a'],
      properties: {
        a: { anyOf: [{ type: 'null' }, { type: 'object', required: ['b'], properties: { b: { type: 'integer' } } }] },
      },
      additionalProperties: { enum: [1, 2] },
    };
    assert.deepEqual(problemsIn(schema, { a: { b: 1 }, c: 2 }), []);
    assert.deepEqual(problemsIn(schema, { a: null }), []);
    assert.deepEqual(problemsIn(schema, { a: { b: 1.5 } }), ['a.b: expected integer, got 1.5']);
    assert.deepEqual(problemsIn(schema, { c: 3 }), ['a: it is missing', 'c: expected 1 or 2, got 3']);
    assert.deepEqual(problemsIn(schema, []), ['the record: expected object, got []']);
  });
});
