import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { ROOT, spawnTokenswarm, tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { freePort } from '../support/port.js';
import { PYTHON, packageVersion } from '../support/python.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

describe(`under a real Locust master (of ${PYTHON})`, function () {
  this.timeout(90_000);
  const folder = testFolder();
  let simulator: Simulator;

  before(async function () {
    if (!(await packageVersion('locust'))) this.skip();
    simulator = await sharedSimulator();
    folder.write(
      'ask.ts',
      `import { chat } from 'tokenswarm';
       export default async function () { await chat({ messages: 'hi', name: 'ask' }); }`,
    );
  });

  it('two workers of ours and one of Python are one swarm', async () => {
    const port = String(await freePort());
    const locustfile = join(ROOT, 'test/support/locust/swarm.py');
    const locust = (...args: readonly string[]) => {
      const child = spawn(PYTHON, ['-m', 'locust', '-f', locustfile, ...args], { cwd: folder.path });
      let said = '';
      child.stderr.on('data', (more) => {
        said += more;
      });
      return { child, ended: once(child, 'close').then(([code]) => ({ code: code as number, said })) };
    };
    const master = locust(
      ...['--master', '--master-bind-port', port, '--headless', '--expect-workers', '3', '-u', '9', '-r', '3'],
      ...['-t', '9s', '-H', simulator.url, '--csv', join(folder.path, 'swarm')],
    );
    const python = locust('--worker', '--master-port', port);
    const model = ['--model', 'sim-ttft30-itl2-len12'];
    const ours = [1, 2].map((n) =>
      spawnTokenswarm(
        ['worker', 'ask.ts', '--master', `127.0.0.1:${port}`, ...model, '--share', `${n}/2`, '--out', `json=${n}.json`],
        { cwd: folder.path },
      ),
    );
    const { code, said } = await master.ended;
    assert.equal(code, 0, said);
    for (const running of ours) {
      const ended = await running.ended;
      assert.equal(ended.code, 0, ended.stderr);
    }
    await python.ended;
    const text = readFileSync(join(folder.path, 'swarm_stats.csv'), 'utf8');
    const rows = parse<Readonly<Record<string, string>>>(text, { columns: true, skip_empty_lines: true });
    const count = (type: string, name: string) =>
      Number(rows.find((row) => row.Type === type && row.Name === name)?.['Request Count']);
    const records = [1, 2].map((n) => folder.summary(`${n}.json`));
    const recorded = records.reduce((sum, { locust }) => sum + (locust.rows[0]?.times.count ?? 0), 0);
    // The master takes no report after half a second.
    assert.ok(count('POST', 'ask') > 50 && count('POST', 'ask') <= recorded, `${count('POST', 'ask')}, ${recorded}`);
    assert.ok(count('GET', 'models') > 10, text);
    assert.equal(count('', 'Aggregated'), count('POST', 'ask') + count('GET', 'models'));
    assert.equal(count('LLM', 'e2e'), count('POST', 'ask'));
    const merged = await tokenswarm(['merge', '1.json', '2.json', '--out', 'json=all.json'], { cwd: folder.path });
    assert.equal(merged.code, 0, merged.stderr);
    assert.equal(folder.summary('all.json').locust.rows[0]?.times.count, recorded);
    for (const { run, windows } of records) {
      assert.equal(run.outcome, 'completed');
      assert.ok(windows.steady, 'a steady state after the ramp');
    }
  });
});
