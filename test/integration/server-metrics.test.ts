import assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { run, type Snapshot, type Summary } from '../../engine/index.js';
import { testFolder } from '../support/folder.js';
import { settings } from '../support/run.js';
import { forkSimulator, type SimulatorChild } from '../support/simulator.js';

describe("a server's own metrics", () => {
  const folder = testFolder();
  const servers: Server[] = [];
  let simulator: SimulatorChild;
  let file: string;

  before(async () => {
    simulator = await forkSimulator();
    file = folder.write(
      'chat.ts',
      `import { chat } from 'tokenswarm';\nexport default async function () { await chat({ messages: 'hello there' }); }`,
    );
  });

  after(() => {
    simulator.stop();
    for (const server of servers) server.close();
  });

  /** A page of metrics of a server of its own. */
  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
  }

  async function runWith(
    more: Parameters<typeof settings>[1],
  ): Promise<{ readonly seen: Snapshot[]; readonly summary: Summary }> {
    const running = run(file, settings(simulator.url, { vus: 3, duration: '3s', ...more }, 'sim'));
    const seen: Snapshot[] = [];
    for await (const snapshot of running) seen.push(snapshot);
    return { seen, summary: await running.summary };
  }

  it('are found beside the base URL, and recorded with version and configuration', async () => {
    const { seen, summary } = await runWith({});
    const { server } = summary;
    assert.ok(server);
    assert.deepEqual([server.metricsUrl, server.version], [`${simulator.url}/metrics`, 'simulator']);
    assert.equal(server.cacheConfig?.block_size, '16');
    assert.deepEqual([server.preemptions, server.prefixHitRate], [0, null]);
    assert.ok(server.points.length >= 2 && server.points.every(({ at }, i) => at > (server.points[i - 1]?.at ?? -1)));
    assert.ok(server.points.some(({ running }) => running > 0 && running <= 3));
    assert.ok(seen.some((snapshot) => (snapshot.server?.figures?.running ?? 0) > 0));
  });

  it('are those of the kind of server that the names tell, with its version and the cost', async () => {
    const page = 'sglang:num_running_reqs{tp_rank="0"} 2.0\nsglang:num_queue_reqs{tp_rank="0"} 1.0\n';
    const url = await serve(({ url: path }, response) =>
      response.end(path === '/get_server_info' ? '{"version":"0.5.5","api_key":"secret"}' : page),
    );
    const { server } = (await runWith({ serverMetrics: url, duration: '2s' })).summary;
    assert.deepEqual([server?.server, server?.version, server?.scrape?.bytes], ['SGLang', '0.5.5', page.length]);
    assert.ok((server?.scrape?.meanMs ?? 0) > 0);
    assert.deepEqual([server?.points[0]?.running, server?.points[0]?.waiting], [2, 1]);
    assert.doesNotMatch(JSON.stringify(server), /secret/);
  });

  it('of no known server are a warning', async () => {
    const url = await serve((_, response) => response.end('# TYPE go_goroutines gauge\ngo_goroutines 5\n'));
    const { server, warnings } = (await runWith({ serverMetrics: url, duration: '1s' })).summary;
    assert.equal(server, undefined);
    assert.deepEqual(
      warnings.filter((text) => text.includes('metrics')).map((text) => text.replace(/vLLM, .*/, '…')),
      [`the server's metrics cannot be read at ${url}: its metrics are of no server that tokenswarm knows: …`],
    );
  });

  it('are not requested where switched off, or without the preflight', async () => {
    for (const more of [{ serverMetrics: 'off' }, { preflight: false }]) {
      const { seen, summary } = await runWith({ ...more, duration: '1s' });
      assert.equal(summary.server, undefined);
      assert.ok(seen.every(({ server }) => server === undefined));
    }
  });

  it('are never an error: a page that is named and cannot be read is warned of once', async () => {
    const url = await serve((_, response) => response.writeHead(503).end('busy'));
    const { summary } = await runWith({ serverMetrics: url });
    assert.equal(summary.server, undefined);
    assert.deepEqual([summary.run.exitCode, summary.quality.reasons.length > 9], [0, false]);
    assert.deepEqual(summary.warnings, [`the server's metrics cannot be read at ${url}: HTTP 503`]);
  });

  it('have gaps where the server does not answer, and count from the start of the load', async () => {
    let asked = 0;
    const url = await serve((request, response) => {
      if (request.url === '/version') return response.end('{"version":"0.11.0"}');
      asked += 1;
      if (asked % 2 === 0) return response.destroy();
      const hits = 100 + 10 * asked;
      response.end(
        `vllm:num_requests_running 2\nvllm:num_preemptions_total ${50 + asked}\n` +
          `vllm:prefix_cache_queries_total ${2 * hits}\nvllm:prefix_cache_hits_total ${hits}\n`,
      );
    });
    const { seen, summary } = await runWith({ serverMetrics: url, duration: '4s' });
    const { server } = summary;
    assert.ok(server);
    assert.deepEqual([server.version, server.prefixHitRate], ['0.11.0', 0.5]);
    assert.ok((server.preemptions ?? 0) >= 2 && (server.preemptions ?? 0) < 10);
    assert.ok(seen.some((snapshot) => snapshot.server?.figures === null));
    assert.deepEqual(summary.warnings, []);
  });

  it('are refused where their URL is invalid', async () => {
    await assert.rejects(
      runWith({ serverMetrics: 'somewhere' }),
      /settings.serverMetrics: expected 'auto', 'off' or the URL/,
    );
  });
});
