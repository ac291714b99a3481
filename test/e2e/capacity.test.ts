import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Sweep } from '../../engine/results/sweep/sweep.js';
import { COMMAND, tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { freePort } from '../support/port.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

/** Users that start together, each asking for few tokens. A batch that has room serves them at once. */
const SCENARIO = `
import { chat } from 'tokenswarm';
const vus = Number(__ENV.PEAK_USERS ?? 1);
export const options = { scenarios: { all: { executor: 'per-vu-iterations', vus, iterations: 3 } }, thresholds: { llm_e2e: ['max<1'] } };
export default async function () { await chat({ messages: 'hi', maxTokens: 12 }); }
`;

describe('tokenswarm capacity', function () {
  // A search has many runs.
  this.timeout(60_000);
  const folder = testFolder();
  let simulator: Simulator;
  const search = (...args: readonly string[]) => tokenswarm(['capacity', 'users.ts', ...args], { cwd: folder.path });
  const read = (name: string) => JSON.parse(readFileSync(join(folder.path, name), 'utf8')) as Sweep;

  before(async () => {
    simulator = await sharedSimulator();
    folder.write('users.ts', SCENARIO);
  });

  it('finds the most users that a server of its own serves without a queue, and goes on where it was interrupted', async () => {
    const port = await freePort();
    // A first token comes after some 50 ms, and a second request in a queue waits for 12 tokens of some 15 ms.
    const args = [
      ...['--vary', 'PEAK_USERS=1..64', '--slo', 'llm_ttft:p(95)<150', '--slo', 'llm_failed:rate<0.01'],
      ...['--label', 'gpu=none', '--out', 'found', '--seed', '1'],
      ...['--server', `exec ${process.execPath} ${COMMAND} simulate --port ${port} --max-num-seqs 5`],
    ];
    const { code, stdout, stderr } = await search(...args);
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /^ {4}[✓!] PEAK_USERS=5 is the most that meets the objectives; 6 does not: llm_ttft p\(95\)<150 was/m,
    );
    assert.match(
      stdout,
      /^ {4}- The capacity lies from 5 to below 6 PEAK_USERS, bounds that are 20\.00% apart, neighbours;/m,
    );
    const steps = stderr.match(/^▶ .*/gm)?.map((line) => line.replace(/, 3 to 192 iterations|;.*/g, ''));
    assert.match(stderr, /^▶ PEAK_USERS=1, .*: upwards; \d to \d+ runs left\n/m);
    assert.match(stderr, /^▶ PEAK_USERS=6.repeat-2, .*: to confirm; 1 run left\n/m);
    assert.deepEqual(steps, [
      '▶ PEAK_USERS=1: upwards',
      '▶ PEAK_USERS=2: upwards',
      '▶ PEAK_USERS=4: upwards',
      '▶ PEAK_USERS=8: upwards',
      '▶ PEAK_USERS=6: between pass and fail',
      '▶ PEAK_USERS=5: between pass and fail',
      '▶ PEAK_USERS=5.repeat-2: to confirm',
      '▶ PEAK_USERS=6.repeat-2: to confirm',
    ]);
    const { capacity, series } = read('found/sweep.json');
    assert.deepEqual(capacity?.found, { kind: 'within', passing: 5, failing: 6, violations: [], mixed: [] });
    assert.deepEqual(
      series[0]?.levels.map(({ at, runs }) => [at, runs.length]),
      [
        [1, 1],
        [2, 1],
        [4, 1],
        [5, 2],
        [6, 2],
        [8, 1],
      ],
    );
    const { run, thresholds } = folder.summary('found/PEAK_USERS=6.repeat-2.json');
    assert.deepEqual(run.labels, { gpu: 'none', PEAK_USERS: '6', repeat: '2' });
    assert.deepEqual(
      thresholds.map(({ metric, source }) => `${metric} ${source}`),
      ['llm_ttft p(95)<150', 'llm_failed rate<0.01'],
      'in place of those of the scenario',
    );
    assert.match(readFileSync(join(folder.path, 'found/sweep.html'), 'utf8'), /PEAK_USERS=5 is the most that meets/);

    for (const name of ['PEAK_USERS=5.repeat-2', 'PEAK_USERS=6.repeat-2'])
      rmSync(join(folder.path, `found/${name}.json`));
    const again = await search(...args);
    assert.equal(again.code, 0);
    assert.deepEqual(again.stderr.match(/^▶ .*/gm)?.length, 2);
    assert.match(again.stderr, /^6 runs are in found already, from .* on; --restart starts over$/m);
    const other = await search(...args, '--precision', '10%');
    assert.equal(other.code, 104);
    assert.match(
      other.stderr,
      /^error found: this folder has the runs of another command:\n {6}--precision was 5%, and is 10% now$/m,
    );
  });

  it('says by how much not even one user is served in time, and ends with 99', async () => {
    const target = ['--base-url', simulator.url, '--model', 'sim-ttft50-itl1-len5'];
    const { code, stdout } = await search('--slo', 'llm_ttft:min<10', '--out', 'none', ...target);
    assert.equal(code, 99);
    assert.match(
      stdout,
      /✗ Not even PEAK_USERS=1 meets the objectives: llm_ttft min<10 was 5\d(\.\d+)?ms, 4\d\d\.\d\d%\n? +beyond it/,
    );
  });

  it('says that it could search on where the highest level will do', async () => {
    const target = ['--base-url', simulator.url, '--model', 'sim-ttft5-itl1-len5'];
    const args = ['--slo', 'llm_failed:rate<0.5', '--vary', 'PEAK_USERS=2..3', '--out', 'above', ...target];
    const { code, stdout } = await search(...args);
    assert.equal(code, 0);
    assert.match(
      stdout,
      /[✓!] PEAK_USERS=3, the highest level .* meets the objectives: the capacity is\s+that or more/,
    );
  });

  it('finds mistakes before the first run', async () => {
    const slo = ['--slo', 'llm_ttft:p(95)<500'];
    const wrong: readonly (readonly [readonly string[], RegExp])[] = [
      [['--slo', 'llm_tfft:p(95)<500'], /there is no metric called llm_tfft; did you mean "llm_ttft"\?/],
      [[...slo, '--vary', 'A=1..2', '--vary', 'B=1..2'], /^error --vary: only one variable can be searched$/m],
      [
        [...slo, '--vary', 'PEAK_USERS=4,8'],
        /^error --vary: "PEAK_USERS=4,8" is not a range: expected NAME=low\.\.high/m,
      ],
      [[...slo, '--vary', 'RATE=1..8'], /^error --vary: nobody reads RATE/m],
      [[...slo, '--label', 'PEAK_USERS=4'], /^error --label: PEAK_USERS is 4, but PEAK_USERS is varied: 1, 256$/m],
    ];
    for (const [args, message] of wrong) {
      const { code, stderr } = await search(...args, '--out', 'wrong');
      assert.match(stderr, message);
      assert.equal(code, 104);
    }
  });
});
