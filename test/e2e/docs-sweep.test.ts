import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { COMMAND, ROOT, tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { blocks, wordsOf } from '../support/page.js';
import { freePort } from '../support/port.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

describe('docs/sweep.md and docs/capacity.md', function () {
  this.timeout(60_000);
  const folder = testFolder();
  let simulator: Simulator;

  before(async () => {
    simulator = await sharedSimulator();
  });
  for (const command of ['docs/sweep.md', 'docs/capacity.md']
    .flatMap((page) => blocks(page, 'sh'))
    .map((block) => block.trim())) {
    it(`tell the truth about ${command.slice(0, 100)}…`, async () => {
      const port = await freePort();
      // Nobody waits for hours, and no server of the page is here.
      const short = command
        .replace(/PEAK_USERS=\S+/, command.includes('--repeat') ? 'PEAK_USERS=2' : 'PEAK_USERS=1,2')
        .replace(/TP=1,2,4/, 'TP=1,2')
        .replace('RATE=0.5..40', 'RATE=4..8')
        .replace(
          /vllm serve.*?--port 8000/,
          `${process.execPath} ${COMMAND} simulate --port ${port} --max-num-seqs {TP}`,
        )
        .replace('--repeat 3', '--repeat 2')
        .replace('scenarios/', `${ROOT}/scenarios/`);
      const args = wordsOf(short).slice(1);
      if (args[0] === 'capacity' && !args.includes('--vary')) args.push('--vary', 'PEAK_USERS=1..2');
      if (!args.includes('--server') && !args.includes('--simulate')) args.push('--base-url', simulator.url);
      const fast = ['-e', 'RAMP=0s', '-e', 'HOLD=1s', '-e', 'DURATION=1s', '--model', 'sim-ttft5-itl1-len5', '--quiet'];
      const { code, stdout, stderr } = await tokenswarm([...args, ...fast], { cwd: folder.path });
      // Too little was measured of a second for every objective to be sure to hold.
      assert.ok(code === 0 || code === 99, stdout + stderr);
      assert.match(stdout, args[0] === 'sweep' ? /█ LEVELS/ : /█ CAPACITY/);
      const out = args[args.indexOf('--out') + 1] ?? '';
      const place = args.includes('--out') ? out : 'results/capacity-throughput';
      for (const file of ['sweep.json', 'sweep.csv', 'sweep.html'])
        assert.ok(existsSync(join(folder.path, place, file)));
    });
  }
});
