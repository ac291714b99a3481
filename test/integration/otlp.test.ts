import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { freePort } from '../support/port.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

interface Point {
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue: string } }[];
  readonly asDouble?: number;
  readonly count?: string;
  readonly zeroCount?: string;
  readonly positive?: { readonly bucketCounts: readonly string[] };
}

interface Push {
  readonly path: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly resource: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, readonly Point[]>>;
}

type Answer = (response: ServerResponse, count: number) => void;

/** Collector that keeps what it gets, and answers in its own way. */
class Collector {
  readonly pushes: Push[] = [];
  readonly #server;

  constructor(answer: Answer) {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.pushes.push(read(request, Buffer.concat(chunks)));
        answer(response, this.pushes.length);
      });
    });
  }

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

function read({ url, headers }: IncomingMessage, body: Buffer): Push {
  const text = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
  const [{ resource, scopeMetrics }] = JSON.parse(String(text)).resourceMetrics;
  const pairs = resource.attributes.map(({ key, value }: Point['attributes'][number]) => [key, value.stringValue]);
  const metrics = scopeMetrics[0].metrics.map(
    ({ name, ...data }: { name: string } & Record<string, { dataPoints: Point[] }>) => {
      return [name, (data.sum ?? data.gauge ?? data.exponentialHistogram)?.dataPoints];
    },
  );
  return { path: url, headers, resource: Object.fromEntries(pairs), metrics: Object.fromEntries(metrics) };
}

const taken: Answer = (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{}');

describe('--out otlp', () => {
  const folder = testFolder();
  let simulator: Simulator;
  let collector: Collector | undefined;

  before(async () => {
    simulator = await sharedSimulator();
    folder.write('chat.ts', "import { chat } from 'tokenswarm'; export default () => chat({ messages: 'why?' });");
  });
  afterEach(() => collector?.stop());

  async function run(out: string, env: Readonly<Record<string, string>> = {}, seconds = 3) {
    const load = ['-u', '3', '-d', `${seconds}s`, '--model', 'sim-ttft20-itl2-len8', '-q', '--summary', 'none'];
    const outs = ['--label', 'gpu=H200', '--out', out, '--out', 'json=run.json'];
    const ended = await tokenswarm(['run', 'chat.ts', '--base-url', simulator.url, ...load, ...outs], {
      cwd: folder.path,
      env,
    });
    return { ...ended, summary: ended.code === 0 ? folder.summary('run.json') : undefined };
  }

  it('pushes every second, and the last figures at the end', async () => {
    collector = new Collector(taken);
    const url = await collector.start();
    const { code, stderr, summary } = await run(`otlp=${url}`);
    assert.equal(code, 0, stderr);
    assert.ok(collector.pushes.length >= 3, String(collector.pushes.length));
    const { path, headers, resource, metrics } = collector.pushes.at(-1)!;
    assert.equal(path, '/v1/metrics');
    assert.equal(headers['content-type'], 'application/json');
    assert.equal(resource['service.name'], 'tokenswarm');
    assert.equal(resource['gen_ai.request.model'], 'sim-ttft20-itl2-len8');
    assert.equal(resource.gpu, 'H200');
    assert.match(resource['service.instance.id'] ?? '', /^[0-9a-f-]{36}$/);
    assert.equal(new Set(collector.pushes.map((push) => push.resource['service.instance.id'])).size, 1);
    const whole = (name: string) => summary?.metrics[name]?.windows.whole?.count;
    const sum = (points: readonly Point[] = [], of: (point: Point) => number) =>
      points.reduce((all, point) => all + of(point), 0);
    assert.equal(
      sum(metrics.llm_requests, ({ asDouble = 0 }) => asDouble),
      whole('llm_requests'),
    );
    assert.equal(
      sum(metrics.llm_ttft, ({ count }) => Number(count)),
      whole('llm_ttft'),
    );
    for (const { count, zeroCount, positive } of metrics.llm_itl ?? []) {
      const inside = positive?.bucketCounts.reduce((all, each) => all + Number(each), 0) ?? 0;
      assert.equal(inside + Number(zeroCount), Number(count));
    }
    // A busy machine may leave one out.
    assert.doesNotMatch(summary?.warnings.join('\n') ?? '', /otlp.* [1-9]\d* failed/);
  });

  it('takes the place, headers, compression and attributes from the variables', async () => {
    collector = new Collector(taken);
    const url = await collector.start();
    const { code, stderr } = await run('otlp', {
      OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/tenant/`,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-scope=a%20b,authorization=Bearer%20k',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=lab,gpu=mine',
      OTEL_SERVICE_NAME: 'nightly',
    });
    assert.equal(code, 0, stderr);
    const { path, headers, resource } = collector.pushes.at(-1)!;
    assert.deepEqual(
      [path, headers['x-scope'], headers.authorization, headers['content-encoding']],
      ['/tenant/v1/metrics', 'a b', 'Bearer k', 'gzip'],
    );
    assert.deepEqual(
      [resource['service.name'], resource['deployment.environment'], resource.gpu],
      ['nightly', 'lab', 'mine'],
    );
  });

  const troubles: readonly (readonly [string, Answer, RegExp])[] = [
    ['500', (response) => response.writeHead(500).end('<b>out of\nspace</b>'), /HTTP 500: <b>out of space<\/b>/],
    ['nothing', () => undefined, /no answer within 1.2 s/],
    ['a closed connection', (response) => response.destroy(), /socket hang up|ECONNRESET|other side closed/],
    [
      'rejected points',
      (response) => response.end('{"partialSuccess":{"rejectedDataPoints":"3","errorMessage":"no delta"}}'),
      /it rejected points: .*no delta/,
    ],
  ];
  for (const [name, answer, message] of troubles) {
    it(`counts lost pushes to a collector that answers once, then ${name}, and ends well`, async () => {
      collector = new Collector((response, count) => (count === 1 ? taken(response, count) : answer(response, count)));
      const url = await collector.start();
      const began = performance.now();
      const { code, stderr, summary } = await run(`otlp=${url}`, { OTEL_EXPORTER_OTLP_TIMEOUT: '1200' });
      assert.equal(code, 0, stderr);
      assert.ok(performance.now() - began < 20_000);
      const warnings = summary?.warnings.filter((text) => text.startsWith(`otlp=${url}/v1/metrics: `)) ?? [];
      assert.equal(warnings.length, 2, warnings.join('\n'));
      assert.match(warnings[0] ?? '', message);
      assert.match(warnings[1] ?? '', /of \d+ pushes \d+ failed \(.*\) and \d+ were left out/);
      assert.match(stderr, /the last figures were not taken: /);
    });
  }

  it('says once that a collector is down, and sends as many requests', async () => {
    const port = await freePort();
    const { summary, stderr } = await run(`otlp=http://127.0.0.1:${port}`);
    const warnings = summary?.warnings.filter((text) => text.startsWith('otlp=')) ?? [];
    assert.deepEqual([warnings.length, stderr.match(/ECONNREFUSED/g)?.length ?? 0], [1, 0]);
    assert.match(warnings[0] ?? '', /the collector did not take the metrics: .*ECONNREFUSED/);
    assert.ok((summary?.metrics.llm_requests?.windows.whole?.count ?? 0) > 30);
  });

  it('waits as long as a collector asks', async () => {
    collector = new Collector((response, count) =>
      count === 1 ? response.writeHead(429, { 'retry-after': '60' }).end() : taken(response, count),
    );
    const { summary } = await run(`otlp=${await collector.start()}`);
    assert.equal(collector.pushes.length, 2, 'the first, and the last');
    assert.match(summary?.warnings.join('\n') ?? '', /HTTP 429/);
  });

  const wrong: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
    ['otlp=collector:4318', {}, /--out otlp: expected a URL with http or https, got "collector:4318"/],
    ['otlp', { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, /OTEL_EXPORTER_OTLP_PROTOCOL: expected http\/json .*got grpc/],
    ['otlp', { OTEL_EXPORTER_OTLP_TIMEOUT: 'x' }, /OTEL_EXPORTER_OTLP_TIMEOUT: expected a number of milliseconds/],
    ['otlp', { OTEL_EXPORTER_OTLP_HEADERS: 'secret' }, /OTEL_EXPORTER_OTLP_HEADERS: expected name=value pairs/],
    ['otlp', { OTEL_EXPORTER_OTLP_METRICS_COMPRESSION: 'br' }, /METRICS_COMPRESSION: expected gzip or none, got "br"/],
    ['otlp', { OTEL_EXPORTER_OTLP_CERTIFICATE: 'no.pem' }, /OTLP_CERTIFICATE: the file cannot be read/],
  ];
  for (const [out, env, message] of wrong) {
    it(`refuses ${out} with ${JSON.stringify(env)}`, async () => {
      const { code, stderr } = await run(out, env, 1);
      assert.equal(code, 104);
      assert.match(stderr.replace(/\s+/g, ' '), message);
      assert.doesNotMatch(stderr, /secret/);
    });
  }
});
