import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { CHATTING, FAST } from '../support/scripts.js';

/** Program of vLLM's wheel that compares result files. */
const PROGRAM = process.env.VLLM_RS ?? '';

/** Rows of its table, and the keys that they show. */
const ROWS = [
  ['Output throughput (tok/s)', 'output_throughput'],
  ['Mean TTFT (ms)', 'mean_ttft_ms'],
  ['P99 TTFT (ms)', 'p99_ttft_ms'],
  ['Mean TPOT (ms)', 'mean_tpot_ms'],
  ['Median ITL (ms)', 'median_itl_ms'],
  ['Mean E2EL (ms)', 'mean_e2el_ms'],
  ['Completed requests', 'completed'],
] as const;

describe('vLLM’s own comparison of result files', () => {
  const folder = testFolder();
  const FORMATS = ['vllm', 'vllm:detailed', 'vllm:rust'];
  const pathOf = (format: string) => join(folder.path, `${format.replace(':', '-')}.json`);

  before(async function () {
    if (!existsSync(PROGRAM)) {
      console.log(
        '  no vllm-rs, so no file is given to it: VLLM_RS names the program in the folder of an installed vLLM',
      );
      this.skip();
    }
    this.timeout(60_000);
    const script = folder.write('chat.ts', `${CHATTING}\nexport const options = { vus: 2, iterations: 10 };`);
    const outs = FORMATS.flatMap((format) => ['--out', `${format}=${pathOf(format)}`]);
    const { code, stderr } = await tokenswarm(['run', script, '--simulate', '--model', FAST, '-q', ...outs]);
    assert.equal(code, 0, stderr);
  });

  for (const format of FORMATS) {
    it(`reads --out ${format}, and shows its figures`, () => {
      const path = pathOf(format);
      const file = JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, number>>;
      const said = execFileSync(PROGRAM, ['bench', 'serve', '--compare', path, path], { encoding: 'utf8' });
      for (const [row, key] of ROWS) {
        const line = said.split('\n').find((each) => each.startsWith(row)) ?? '';
        const [a, b] = line.slice(row.length).trim().split(/\s+/).map(Number);
        assert.ok(Math.abs((a ?? 0) - (file[key] ?? -1)) <= 0.0051, `${row}: ${line}, ${key} is ${file[key]}`);
        assert.equal(b, a);
      }
      assert.equal(said.includes('SS Output throughput'), format === 'vllm:rust');
    });
  }
});
