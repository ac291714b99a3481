import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { disagreementOf, serverLoadOf } from '../../../engine/metrics/server-load.js';
import type { ServerPoint } from '../../../engine/metrics/server-record.js';
import { readServerPage } from '../../../engine/server-metrics/server-page.js';
import { ROOT } from '../../support/command.js';

const WINDOW = { from: 2000, to: 8000 };

/** Metrics page of vLLM 0.24.0 with other gauges of requests. */
function recorded(name: string, running: number, waiting: number): string {
  const page = readFileSync(join(ROOT, `test/unit/server-metrics/recorded/vllm-0.24.0-${name}.txt`), 'utf8');
  return page
    .replace(/^(vllm:num_requests_running\{.*\}) .*$/m, `$1 ${running}.0`)
    .replace(/^(vllm:num_requests_waiting\{.*\}) .*$/m, `$1 ${waiting}.0`);
}

function load(name: string, ...looks: readonly [at: number, running: number, waiting: number][]) {
  const points = looks.map(([at, running, waiting]): ServerPoint => {
    const page = readServerPage(recorded(name, running, waiting));
    assert.ok(page);
    return { at, ...page.figures };
  });
  return serverLoadOf(points, WINDOW);
}

describe("a server's own counts", () => {
  it('are read from pages of both kinds', () => {
    for (const [name, tokens, hits] of [
      ['default', 224, 432],
      ['stream-interval-4', 61_622, 4288],
    ] as const) {
      const page = readServerPage(recorded(name, 255, 3));
      assert.deepEqual([page?.figures.running, page?.figures.waiting, page?.figures.kvCache], [255, 3, 0]);
      assert.deepEqual(
        [page?.figures.generationTokens, page?.figures.prefixHits, page?.figures.preemptions],
        [tokens, hits, 0],
      );
    }
  });

  it('are of the window', () => {
    const found = load('default', [1, 900, 900], [3, 250, 0], [5, 260, 2], [9, 900, 900]);
    assert.deepEqual(found, {
      running: { mean: 255, max: 260 },
      waiting: { mean: 1, max: 2 },
      kvCache: { mean: 0, max: 0 },
    });
    assert.equal(load('default', [1, 9, 9]), null);
  });

  it("name the front-end as the limit where the engine does not know of all this run's requests", () => {
    for (const [name, inFlight, running] of [
      ['default', 512, 255],
      ['default', 1024, 523],
      ['stream-interval-4', 512, 255],
    ] as const) {
      const said = disagreementOf(inFlight, load(name, [3, running, 0]), WINDOW);
      const counts = `${inFlight.toLocaleString('en')} in flight, ${running} running, none waiting`;
      assert.equal(
        said,
        `${counts}: the server's front-end is the limit: the other requests have not reached the engine`,
      );
    }
  });

  it('name other clients where the server has more requests than this run', () => {
    const said = disagreementOf(64, load('default', [3, 200, 56]), WINDOW);
    assert.equal(
      said,
      '64 in flight, 200 running, 56 waiting: the server works for others too, whose requests are in these latencies',
    );
  });

  it('give no sentence where they agree, are few, or were seldom read', () => {
    assert.equal(disagreementOf(64, load('default', [3, 62, 0]), WINDOW), undefined);
    assert.equal(disagreementOf(512, load('default', [3, 256, 250]), WINDOW), undefined);
    assert.equal(disagreementOf(6, load('default', [3, 1, 0]), WINDOW), undefined);
    assert.equal(disagreementOf(512, null, WINDOW), undefined);
    assert.equal(disagreementOf(512, load('default', [3, 255, 0]), { from: 2000, to: 3500 }), undefined);
  });
});
