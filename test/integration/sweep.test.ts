import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Sweep } from '../../engine/results/sweep/sweep.js';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { virtualTime } from '../support/virtual-time.js';

/** As many requests as its users have iterations; with HOLD so long. */
const SCENARIO = `
import { chat } from 'tokenswarm';
const vus = Number(__ENV.N ?? 1);
if (vus > 90) throw new Error('far too many');
export const options = {
  ...(__ENV.HOLD ? { vus, duration: __ENV.HOLD } : { vus, iterations: 4 * vus }),
  thresholds: { llm_e2e: ['max<' + (__ENV.LIMIT ?? 60000)] },
};
export default async function () { await chat({ messages: 'hi' }); }
`;

const MODEL = ['--model', 'sim-ttft5-itl1-len5'];

describe('tokenswarm sweep', function () {
  this.timeout(60_000);
  const folder = testFolder();
  const time = virtualTime();
  let target: readonly string[];
  const at = (name: string) => join(folder.path, name);
  const sweep = (...args: readonly string[]) => tokenswarm(['sweep', 'users.ts', ...args], { cwd: folder.path, time });
  const seedsOf = (out: string, names: readonly string[]) =>
    names.map((name) => folder.summary(`${out}/${name}.json`).run.seed);
  const read = (name: string) => JSON.parse(readFileSync(at(name), 'utf8')) as Sweep;

  before(async () => {
    target = ['--base-url', time.url, ...MODEL];
    folder.write('users.ts', SCENARIO);
  });

  describe('over two variables, twice', () => {
    const asked = ['--vary', 'N=1,3', '--vary', 'KIND=a', '--repeat', '2', '--label', 'gpu=H800', '--out', 'twice'];
    const names = ['N=1,KIND=a', 'N=3,KIND=a', 'N=1,KIND=a.repeat-2', 'N=3,KIND=a.repeat-2'];

    it('runs every level in rounds, and writes a record of each, a table, a page and CSV', async () => {
      writeFileSync(at('users.ts'), `${SCENARIO}// ${'KIND'}\n`);
      const { code, stdout, stderr } = await sweep(...asked, ...target);
      assert.equal(code, 0, stdout + stderr);
      for (const [index, name] of names.entries()) {
        const { run, plan } = folder.summary(`twice/${name}.json`);
        const N = name.slice(2, 3);
        const labels = { gpu: 'H800', N, KIND: 'a', ...(index > 1 && { repeat: '2' }) };
        assert.deepEqual([run.labels, plan.maxVus, run.outcome], [labels, Number(N), 'completed']);
        assert.match(stderr, new RegExp(`^▶ ${index + 1} of 4: ${name.replace('.', '\\.')}, `, 'm'));
      }
      assert.match(stdout, /^ {2}labels {5}gpu=H800\n {2}runs {7}4$/m);
      assert.match(stdout, /^ +N +tokens\/s +TTFT p50 .* numbers$/m);
      assert.match(stdout, /^ +1 .*\n +least .*\n +most .*\n +3 .* suspect\n +least/m);
      assert.match(stdout, /OUTPUT TOKENS\/S, KIND=a +█ TTFT P95/);
      const document = read('twice/sweep.json');
      assert.deepEqual([document.schema, document.version, document.axis], ['tokenswarm/sweep', 1, 'N']);
      assert.deepEqual(seedsOf('twice', names), Array(4).fill(document.seed), 'all send the same prompts');
      assert.deepEqual(
        document.runs.map(({ name, state }) => [name, state]),
        names.map((name) => [name, 'done']),
      );
      const rows = parse(readFileSync(at('twice/sweep.csv')), { columns: true }) as Record<string, string>[];
      assert.deepEqual(
        rows.map(({ N, KIND, gpu, repeat, target: kind, requests }) => [N, KIND, gpu, repeat, kind, requests]),
        [
          ['1', 'a', 'H800', '1', 'simulated', '4'],
          ['1', 'a', 'H800', '2', 'simulated', '4'],
          ['3', 'a', 'H800', '1', 'simulated', '12'],
          ['3', 'a', 'H800', '2', 'simulated', '12'],
        ],
      );
      const page = readFileSync(at('twice/sweep.html'), 'utf8');
      assert.match(page, /<a href="N%3D3%2CKIND%3Da\.repeat-2\.json">/);
      assert.match(page, /"title":"Time to first token \(TTFT\)"/);
    });

    it('runs only what is missing when it is started again, and takes no interrupted record for a finished one', async () => {
      const before = names.map((name) => statSync(at(`twice/${name}.json`)).mtimeMs);
      rmSync(at(`twice/${names[3]}.json`));
      const record = folder.summary(`twice/${names[1]}.json`);
      const run = { ...record.run, outcome: 'interrupted', exitCode: 105 };
      writeFileSync(at(`twice/${names[1]}.json`), JSON.stringify({ ...record, run }));
      const { code, stderr } = await sweep(...asked, ...target);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /^2 of 4 runs are in twice already, from [-\d]+ [\d:]+ UTC on; running the others$/m);
      assert.deepEqual(stderr.match(/^▶ \d of 4: \S+(?=,)/gm), [`▶ 2 of 4: ${names[1]}`, `▶ 4 of 4: ${names[3]}`]);
      assert.deepEqual(seedsOf('twice', names), Array(4).fill(read('twice/sweep.json').seed));
      const after = names.map((name) => statSync(at(`twice/${name}.json`)).mtimeMs);
      assert.deepEqual([before[0], before[2]], [after[0], after[2]]);
      const again = await sweep(...asked, ...target);
      assert.match(stderr, /^charts and tables: twice\/sweep\.html; /m);
      assert.equal(again.code, 0);
      assert.match(again.stderr, /^all 4 runs are in twice already, from .*; --restart starts over\n$/);
    });

    it('refuses the folder of another command, and begins anew with --restart', async () => {
      const other = ['--vary', 'N=1', '--label', 'gpu=H20', '--out', 'twice', '-e', 'API_TOKEN=secret', ...target];
      const { code, stderr } = await sweep(...other);
      assert.equal(code, 104);
      assert.equal(
        stderr,
        `error twice: this folder has the runs of another command:
      --vary N was 1,3, and is 1 now
      --vary KIND was a, and is not given now
      --label gpu was H800, and is H20 now
      --repeat was 2, and is 1 now
      --env API_TOKEN has changed
hint  take another folder with --out, or --restart to remove those runs and start over
`,
      );
      folder.write('twice/mine.json', '{"schema":"mine"}');
      assert.equal((await sweep(...other, '--restart', '--quiet')).code, 0);
      assert.deepEqual(
        readdirSync(at('twice')).sort(),
        ['N=1.json', 'mine.json', 'sweep.csv', 'sweep.html', 'sweep.json', 'sweep.md'].sort(),
      );
      assert.doesNotMatch(readFileSync(at('twice/sweep.json'), 'utf8'), /secret/);
      writeFileSync(at('users.ts'), SCENARIO.replace('60000', '59999'));
      const changed = await sweep(...other);
      assert.match(
        changed.stderr,
        /this folder has the runs of another command:\n {6}the scenario's text has changed\n/,
      );
      writeFileSync(at('users.ts'), SCENARIO);
    });
  });

  it('refuses records of other runs, and of other labels', async () => {
    const asked = ['--vary', 'N=1', '--label', 'gpu=H800', '--out', 'labels', ...target];
    assert.equal((await sweep(...asked)).code, 0);
    const record = folder.summary('labels/N=1.json');
    const relabelled = { ...record, run: { ...record.run, labels: { gpu: 'H20', N: '1' } } };
    writeFileSync(at('labels/N=1.json'), JSON.stringify(relabelled));
    const other = await sweep(...asked);
    assert.equal(other.code, 104);
    assert.match(other.stderr, /^error labels: N=1\.json has other labels: gpu is H20 in it, and H800 now\n/m);
    renameSync(at('labels/N=1.json'), at('labels/stray.json'));
    const stray = await sweep(...asked);
    assert.match(
      stray.stderr,
      /^error labels: stray\.json is the record of a run that this command does not have\nhint /m,
    );
  });

  it('takes the seed that is given, and refuses records of another', async () => {
    const asked = ['--vary', 'N=1,2', '--out', 'seeds', ...target];
    assert.equal((await sweep(...asked, '--seed', '7')).code, 0);
    assert.deepEqual([read('seeds/sweep.json').seed, ...seedsOf('seeds', ['N=1', 'N=2'])], [7, 7, 7]);
    rmSync(at('seeds/N=2.json'));
    rmSync(at('seeds/sweep.json'));
    assert.equal((await sweep(...asked)).code, 0);
    assert.deepEqual(seedsOf('seeds', ['N=1', 'N=2']), [7, 7], 'records keep the seed too');
    const record = folder.summary('seeds/N=1.json');
    writeFileSync(at('seeds/N=1.json'), JSON.stringify({ ...record, run: { ...record.run, seed: 8 } }));
    const { code, stderr } = await sweep(...asked);
    assert.equal(code, 104);
    assert.match(
      stderr,
      /^error seeds: N=1\.json has the seed 8, that of all runs is 7: their prompts differ\nhint .*--restart/m,
    );
    assert.equal((await sweep(...asked, '--restart', '--seed', '9')).code, 0);
    assert.deepEqual(seedsOf('seeds', ['N=1', 'N=2']), [9, 9]);
  });

  it('goes on after crossed thresholds, and exits with 99', async () => {
    const { code, stdout } = await sweep('--vary', 'LIMIT=1,60000', '--out', 'crossed', ...target);
    assert.equal(code, 99, stdout);
    assert.match(stdout, /^ +1 .* missed\n +60000 .* met$/m);
  });

  it('finds mistakes before the first run', async () => {
    const wrong: readonly (readonly [readonly string[], RegExp])[] = [
      [['--vary', 'N=1,99'], /^error \S*users\.ts:4:\d+: far too many\n {6}with N=99$/m],
      [['--vary', 'M=1,2'], /^error --vary: nobody reads M: it stands neither in users\.ts nor in the command/m],
      [['--vary', 'N=1', '-e', 'N=2'], /^error --vary: N is given with --env too$/m],
      [
        ['--vary', 'N=1', '--server', "serve 'x"],
        /^error --server: the shell cannot read the command: .*[Uu]nterminated/m,
      ],
      [
        ['--vary', 'N=1', '--server', 'serve {TP}'],
        /^error --server: \{TP\} is neither varied nor a label; there are: N$/m,
      ],
      [['--vary', 'N=1', '--simulate', '--server', 'x'], /^error --server: excludes --simulate/m],
      [['--vary', 'N=1', '--out', 'html=a.html'], /^error --out: expected a folder, got "html=a\.html"$/m],
    ];
    for (const [args, message] of wrong) {
      const { code, stderr } = await sweep('--out', 'wrong', ...args);
      assert.match(stderr, message);
      assert.ok(code === 104 || code === 107, stderr);
    }
    assert.equal(existsSync(at('wrong')), false, 'nothing was begun');
  });
});
