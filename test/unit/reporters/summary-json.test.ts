import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { UserError } from '../../../engine/errors.js';
import type { Summary } from '../../../engine/metrics/snapshot.js';
import { checkWritable } from '../../../reporters/files.js';
import { summaryJson, writeJson } from '../../../reporters/json.js';
import { packageRoot } from './golden.js';
import { empty, failing, healthy, interrupted, open, replicated, troubled } from './summaries.js';

const schema = JSON.parse(readFileSync(join(packageRoot(), 'reporters', 'summary.schema.json'), 'utf8'));
const validate = new Ajv({ allErrors: true }).compile(schema);

/** The document as another program reads it, with changes. */
// biome-ignore lint/suspicious/noExplicitAny: a broken document has no type.
function read(summary: Summary, change: (document: any) => void = () => {}): unknown {
  const document: unknown = JSON.parse(summaryJson(summary));
  change(document);
  return document;
}

describe('the JSON Schema of the summary', () => {
  const use = { file: 'data/zh.jsonl', rows: 5000, draws: 2000, distinct: 500, repeats: 1500, salted: false };
  const drawing: Summary = { ...healthy, datasets: [use] };
  const all = { healthy, troubled, interrupted, empty, failing, replicated, open, drawing };
  for (const [name, summary] of Object.entries(all)) {
    it(`accepts a run that is ${name}`, () => {
      validate(read(summary));
      assert.deepEqual(validate.errors, null);
    });
  }

  // biome-ignore lint/suspicious/noExplicitAny: a broken document has no type.
  const broken: Readonly<Record<string, (document: any) => void>> = {
    'no metrics': (document) => delete document.metrics,
    'another version': (document) => (document.version = 2),
    'an unknown part': (document) => (document.surprise = 1),
    'a metric value that is null': (document) => (document.metrics.llm_ttft.values.avg = null),
    'a metric of an unknown type': (document) => (document.metrics.llm_ttft.type = 'histogram'),
    'a metric without its windows': (document) => delete document.metrics.llm_ttft.windows,
    'an unbounded key that is no percentile': (document) => (document.metrics.llm_ttft.unbounded = ['max']),
    'a local date': (document) => (document.run.startedAt = '2026-10-22 20:08'),
    'an unknown outcome': (document) => (document.run.outcome = 'ok'),
    'an unknown verdict': (document) => (document.quality.verdict = 'good'),
    'no word of inflation': (document) => delete document.quality.inflation,
    'an inflation below nothing': (document) => (document.quality.inflation = { ttft: -1, itl: 0, p99: 0 }),
    'half a failure': (document) => document.failures.push({ kind: 'timeout' }),
    'a threshold whose result is a text': (document) => (document.thresholds[0].ok = 'true'),
    'an interval without latencies': (document) => delete document.intervals[0].ttft,
    'a headline of an unknown window': (document) => (document.windows.headline = 'warmup'),
  };
  for (const [name, change] of Object.entries(broken)) {
    it(`rejects ${name}`, () => assert.equal(validate(read(healthy, change)), false));
  }

  it('describes every property', () => {
    const undescribed: string[] = [];
    const walk = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      const { properties } = node as { properties?: Record<string, { description?: string }> };
      for (const [name, property] of Object.entries(properties ?? {})) {
        if (!property.description) undescribed.push(`${path}/${name}`);
      }
      for (const [key, child] of Object.entries(node)) walk(child, `${path}/${key}`);
    };
    walk(schema, '');
    assert.deepEqual(undescribed, []);
  });
});

describe('summaryJson', () => {
  const withSeed = (seed: number) => JSON.parse(summaryJson({ ...empty, run: { ...empty.run, seed } })).run.seed;
  const rows: readonly (readonly [number, number | undefined])[] = [
    [0.1 + 0.2, 0.3],
    [61.283947261234, 61.283947],
    [0.000012345678912, 0.0000123456789],
    [-1.00000049, -1],
    [9_007_199_254_740_991, 9_007_199_254_740_991],
    [Number.NaN, undefined],
    [Number.POSITIVE_INFINITY, undefined],
  ];
  for (const [value, written] of rows) {
    it(`writes ${value} as ${written}`, () => assert.equal(withSeed(value), written));
  }

  it('ends with a line break', () => assert.ok(summaryJson(empty).endsWith('}\n')));
});

describe('the JSON file', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tokenswarm-json-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is written with its folders, replaces a former one, and leaves nothing beside it', async () => {
    const path = join(folder, 'results', 'today', 'run.json');
    await checkWritable(path);
    await writeJson(path, empty);
    await writeJson(path, healthy);
    assert.equal(readFileSync(path, 'utf8'), summaryJson(healthy));
    assert.deepEqual(readdirSync(join(folder, 'results', 'today')), ['run.json']);
  });

  it('goes through a link, which stays one', async () => {
    const path = join(folder, 'latest.json');
    writeFileSync(join(folder, 'real.json'), '');
    symlinkSync('real.json', path);
    await writeJson(path, empty);
    assert.equal(readFileSync(join(folder, 'real.json'), 'utf8'), summaryJson(empty));
    assert.equal(
      readdirSync(folder, { withFileTypes: true })
        .find(({ name }) => name === 'latest.json')
        ?.isSymbolicLink(),
      true,
    );
  });

  const isUserError = (hint: RegExp) => (thrown: unknown) => {
    assert.ok(thrown instanceof UserError, String(thrown));
    assert.equal(thrown.exitCode, 104);
    assert.ok(thrown.where?.startsWith(folder));
    assert.match(thrown.hint ?? '', hint);
    return true;
  };

  it('is refused before the load where there is a folder', async () => {
    await assert.rejects(checkWritable(folder), isUserError(/name a file in it, such as .*summary\.json/));
    await assert.rejects(checkWritable(`${join(folder, 'new')}/`), isUserError(/name a file in it/));
  });

  it('is refused before the load where its folder cannot be created', async () => {
    writeFileSync(join(folder, 'file'), '');
    await assert.rejects(checkWritable(join(folder, 'file', 'run.json')), isUserError(/another folder/));
  });

  it('is refused before the load where writing is forbidden', async function () {
    // Nothing is forbidden to root.
    if (process.getuid?.() === 0) this.skip();
    mkdirSync(join(folder, 'locked'));
    chmodSync(join(folder, 'locked'), 0o500);
    await assert.rejects(checkWritable(join(folder, 'locked', 'run.json')), isUserError(/permissions/));
  });

  it('that cannot be written after all is an error of the user, not a bug', async () => {
    await assert.rejects(writeJson(folder, empty), isUserError(/another file/));
    assert.deepEqual(readdirSync(folder), []);
  });
});
