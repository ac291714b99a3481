import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

/** Tool with the older name of a field. Its power is 300 W. */
const OLD_TOOL = `#!/bin/sh
case "$*" in *clocks_event_reasons*) echo 'Field "clocks_event_reasons.active" is not a valid field to query.'; exit 2;; esac
echo 'NVIDIA H200, 100.00, 90, 40, 1024, 143771, 1755, 61, 0x0000000000000004'
echo 'NVIDIA H200, 200.00, 70, 20, 1024, 143771, 1980, 55, 0x0000000000000000'
`;

describe('the cards of a run', () => {
  const folder = testFolder();
  let simulator: Simulator;

  before(async () => {
    simulator = await sharedSimulator();
    folder.write('chat.ts', "import { chat } from 'tokenswarm'; export default () => chat({ messages: 'why?' });");
    chmodSync(folder.write('old/nvidia-smi', OLD_TOOL), 0o755);
    chmodSync(folder.write('none/nvidia-smi', '#!/bin/sh\necho "No devices were found"; exit 6\n'), 0o755);
  });

  async function run(flags: readonly string[], tools: string) {
    const load = ['-u', '2', '-d', '4s', '--base-url', simulator.url, '--model', 'sim-ttft20-itl2-len8', '-q'];
    const ended = await tokenswarm(
      ['run', 'chat.ts', ...load, ...flags, '--summary', 'full', '--out', 'json=run.json'],
      {
        cwd: folder.path,
        env: { PATH: `${folder.path}/${tools}:${process.env.PATH}` },
      },
    );
    return { ...ended, summary: folder.summary('run.json') };
  }

  it('are read by the tool of this machine, and priced in energy', async () => {
    const { code, stdout, stderr, summary } = await run([], 'old');
    assert.equal(code, 0, stderr);
    const { gpu, metrics, windows } = summary;
    assert.deepEqual([gpu?.source, gpu?.cards], ['nvidia-smi', ['NVIDIA H200', 'NVIDIA H200']]);
    assert.ok((gpu?.points.length ?? 0) >= 3);
    assert.deepEqual(
      [gpu?.points[0]?.power, gpu?.points[0]?.activity, gpu?.points[0]?.temperature, gpu?.points[0]?.throttled],
      [300, 0.8, 61, 1],
    );
    const span = windows.headline === 'steady' ? windows.steady! : windows.whole;
    const tokens = (metrics.llm_output_tokens_per_second?.values.value ?? 0) * (span.to - span.from);
    assert.ok(Math.abs((gpu?.use?.joulesPerToken ?? 0) / ((300 * (span.to - span.from)) / tokens) - 1) < 1e-6);
    assert.match(stdout, /2 × NVIDIA H200/);
    assert.match(stdout, /power\W+300 W/);
    assert.match(stdout, /energy per output token/);
  });

  it('are those of a DCGM exporter', async () => {
    let joules = 1_000_000;
    const exporter = createServer((_, response) => {
      joules += 500_000;
      const labels = '{gpu="0",UUID="GPU-1",modelName="NVIDIA H200",Hostname="h"}';
      response.end(
        `DCGM_FI_DEV_POWER_USAGE${labels} 500\nDCGM_FI_PROF_DRAM_ACTIVE${labels} 0.61\n` +
          `DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION${labels} ${joules}\n`,
      );
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => exporter.once('listening', resolve));
    const url = `http://127.0.0.1:${(exporter.address() as AddressInfo).port}`;
    const { code, stdout, stderr, summary } = await run(['--gpu', url], 'old');
    exporter.close();
    assert.equal(code, 0, stderr);
    assert.equal(summary.gpu?.source, `${url}/metrics`);
    assert.equal(summary.gpu?.isProfiled, true);
    assert.match(stdout, /memory bandwidth \(MBU\)\W+61/);
    // 500 J a look, about once a second.
    assert.ok(Math.abs((summary.gpu?.use?.power ?? 0) / 500 - 1) < 0.3, String(summary.gpu?.use?.power));
  });

  it('are nothing where the tool has none, and nothing when off', async () => {
    for (const [flags, tools] of [
      [[], 'none'],
      [['--gpu', 'off'], 'old'],
    ] as const) {
      const { code, summary } = await run(flags, tools);
      assert.deepEqual(
        [code, summary.gpu, summary.warnings.filter((text) => text.includes('card'))],
        [0, undefined, []],
      );
    }
  });

  it('that were named and cannot be read are a warning', async () => {
    const { code, summary } = await run(['--gpu', `${simulator.url}/metrics`], 'old');
    assert.equal(code, 0);
    assert.match(summary.warnings.join('\n'), /the cards cannot be read from .*: it has none of the DCGM exporter/);
  });

  it('refuse anything else', async () => {
    const { code, stderr } = await tokenswarm(['run', 'chat.ts', '--gpu', 'nvidia'], { cwd: folder.path });
    assert.equal(code, 104);
    assert.match(stderr, /expected 'auto', 'off' or the URL of a DCGM exporter/);
  });
});
