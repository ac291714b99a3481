import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { freePort } from '../support/port.js';
import { sharedSimulator } from '../support/simulator.js';

/** OpenTelemetry's own OTLP/HTTP receiver, built from test/support/otlp-receiver. */
const RECEIVER = process.env.OTLP_RECEIVER ?? join(ROOT, 'node_modules/.cache/otlp-receiver');

interface Point {
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue: string } }[];
  readonly asDouble?: number;
  readonly count?: string;
  readonly sum?: number;
  readonly scale?: number;
  readonly positive?: { readonly offset: number; readonly bucketCounts: readonly string[] };
}

interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly sum?: { readonly dataPoints: readonly Point[]; readonly isMonotonic: boolean };
  readonly exponentialHistogram?: { readonly dataPoints: readonly Point[] };
}

describe('a real OTLP receiver', function () {
  this.timeout(60_000);
  const folder = testFolder();
  let receiver: ChildProcess | undefined;
  let taken = '';
  let url = '';

  before(async function () {
    if (!existsSync(RECEIVER)) {
      console.log('      skipped: there is no receiver (go build in test/support/otlp-receiver, or OTLP_RECEIVER)');
      return this.skip();
    }
    const address = `127.0.0.1:${await freePort()}`;
    url = `http://${address}`;
    receiver = spawn(RECEIVER, [address], { stdio: ['ignore', 'pipe', 'pipe'] });
    receiver.stdout?.setEncoding('utf8').on('data', (text: string) => {
      taken += text;
    });
    await once(receiver.stderr!, 'data');
  });
  after(() => receiver?.kill());

  it('takes every push, with the figures of the summary', async () => {
    const simulator = await sharedSimulator();
    folder.write('chat.ts', "import { chat } from 'tokenswarm'; export default () => chat({ messages: 'why?' });");
    const load = ['-u', '4', '-d', '4s', '--model', 'sim-ttft30-itl2-len12', '-q', '--summary', 'none'];
    const out = ['--out', `otlp=${url}`, '--out', 'json=run.json', '--label', 'odd="\\\n你好'];
    const { code, stderr } = await tokenswarm(['run', 'chat.ts', '--base-url', simulator.url, ...load, ...out], {
      cwd: folder.path,
      env: { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' },
    });
    assert.equal(code, 0, stderr);
    const { metrics, warnings } = folder.summary('run.json');
    assert.deepEqual(
      warnings.filter((text) => text.includes('otlp')),
      [],
    );
    const pushes = taken.trim().split('\n');
    assert.ok(pushes.length >= 4, String(pushes.length));
    const [{ resource, scopeMetrics }] = JSON.parse(pushes.at(-1)!).resourceMetrics;
    const odd = resource.attributes.find(({ key }: Point['attributes'][number]) => key === 'odd');
    assert.equal(odd.value.stringValue, '"\\\n你好');
    const named = (name: string) => (scopeMetrics[0].metrics as Metric[]).find((each) => each.name === name);
    const requests = named('llm_requests')?.sum;
    assert.equal(requests?.isMonotonic, true);
    assert.equal(
      requests?.dataPoints.reduce((sum, { asDouble = 0 }) => sum + asDouble, 0),
      metrics.llm_requests?.windows.whole?.count,
    );
    assert.equal(named('llm_ttft')?.unit, 'ms');
    const points = named('llm_ttft')?.exponentialHistogram?.dataPoints ?? [];
    const p95 = metrics.llm_ttft?.windows.whole?.['p(95)'] ?? Number.NaN;
    assert.ok(Math.abs(quantile(points, 0.95) / p95 - 1) < 0.03, `${quantile(points, 0.95)}, not ${p95}`);
  });
});

/** Upper end of the bucket with a quantile of all points. */
function quantile(points: readonly Point[], q: number): number {
  const ends = points
    .flatMap(({ scale = 0, positive }) =>
      (positive?.bucketCounts ?? []).map((count, index) => ({
        end: 2 ** (((positive?.offset ?? 0) + index + 1) / 2 ** scale),
        count: Number(count),
      })),
    )
    .sort((a, b) => a.end - b.end);
  let left = q * ends.reduce((sum, { count }) => sum + count, 0);
  for (const { end, count } of ends) {
    left -= count;
    if (left <= 0) return end;
  }
  return Number.NaN;
}
