import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type Inspection, inspect } from '../../engine/index.js';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';

const SCENARIO = `
import { Counter } from 'tokenswarm';
new Counter('seen');
export const options = {
  scenarios: {
    talk: { executor: 'constant-vus', vus: 4, duration: '10s', exec: 'talk', env: { TOPIC: 'tea' } },
    late: { executor: 'ramping-vus', startTime: '5s', startVUs: 0, stages: [{ duration: '10s', target: 6 }] },
  },
  thresholds: { seen: [{ threshold: 'count>3', abortOnFail: true, delayAbortEval: '2s' }] },
  tags: { team: 'a' },
};
export function setup() { throw new Error('nobody calls this'); }
export function talk() {}
export default function () {}
`;

describe('inspect', () => {
  const folder = testFolder();

  it('prints the plan as JSON, with the flags of run, and touches no server', async () => {
    let touched = 0;
    const server = createServer((socket) => {
      touched += 1;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    folder.write('plan.ts', SCENARIO);
    folder.write('config.json', JSON.stringify({ labels: { gpu: 'H800' }, setupTimeout: '5s' }));
    const args = ['inspect', 'plan.ts', '--base-url', `http://me:secret@${address}/v1`, '--api-key', 'sk-secret'];
    const more = ['--config', 'config.json', '--tag', 'run=7', '--workers', '3', '-e', 'A=1'];
    const env = { TOKENSWARM_SEED: '9' };
    const { code, stdout, stderr } = await tokenswarm([...args, ...more], { cwd: folder.path, env });
    server.close();
    const unread = '-e A: nothing in the scenario reads it';
    assert.deepEqual([code, stderr, touched], [0, `${unread}\n`, 0]);
    assert.ok(!stdout.includes('secret'), stdout);
    const plan = JSON.parse(stdout) as Inspection;
    assert.deepEqual(plan, {
      scenario: 'plan.ts',
      functions: ['default', 'setup', 'talk'],
      target: { baseUrl: `http://${address}/v1`, model: null, preflight: true },
      scenarios: [
        {
          name: 'talk',
          executor: 'constant-vus',
          description: '4 looping VUs for 10s',
          exec: 'talk',
          startTime: 0,
          env: { TOPIC: 'tea' },
          tags: {},
          options: { startTime: 0, gracefulStop: 30_000, vus: 4, duration: 10_000 },
          duration: 10_000,
          maxVus: 4,
        },
        {
          name: 'late',
          executor: 'ramping-vus',
          description: 'up to 6 looping VUs for 10s over 1 stage',
          exec: 'default',
          startTime: 5000,
          env: {},
          tags: {},
          options: {
            startTime: 5000,
            gracefulStop: 30_000,
            startVUs: 0,
            stages: [{ duration: 10_000, target: 6 }],
            gracefulRampDown: 30_000,
          },
          duration: 10_000,
          maxVus: 6,
        },
      ],
      maxVus: 10,
      duration: 15_000,
      steady: plan.steady,
      thresholds: [{ metric: 'seen', source: 'count>3', window: 'steady', abortOnFail: true, delayAbortEval: 2000 }],
      metrics: { seen: { kind: 'counter', contains: 'default' } },
      tags: { team: 'a', run: '7' },
      labels: { gpu: 'H800' },
      setupTimeout: 5000,
      teardownTimeout: 60_000,
      seed: 9,
      workers: 3,
      warnings: [unread],
    });
    assert.ok(plan.steady.from > 5000 && plan.steady.to <= 15_000);
  });

  it("draws each scenario and their sum, warns, and keeps to 80 columns and the terminal's characters", async () => {
    folder.write('plot.ts', SCENARIO);
    const drawn = await tokenswarm(['inspect', 'plot.ts', '--plot'], { cwd: folder.path, env: { LC_ALL: 'C.UTF-8' } });
    assert.equal(drawn.code, 0, drawn.stderr);
    for (const title of ['talk: 4 looping VUs for 10s', 'late: up to 6 looping', 'in total: 2 scenarios']) {
      assert.ok(drawn.stdout.includes(`VUs over time, ${title}`), drawn.stdout);
    }
    assert.match(drawn.stdout, /[⠁-⣿]/);
    assert.ok(drawn.stdout.split('\n').every((line) => line.length <= 80));
    const args = ['inspect', 'plot.ts', '--plot', '-u', '3', '-d', '90m'];
    const plain = await tokenswarm(args, { cwd: folder.path, env: { TERM: 'dumb' } });
    assert.match(plain.stdout, /^[ -~\n]+$/);
    assert.match(plain.stdout, /default: 3 looping VUs for 1h30m/);
    assert.match(plain.stdout, /0s +15m +30m +45m +1h +1h15m +1h30m\n$/);
    assert.equal(plain.stderr, 'the scenarios of the file are replaced by --vus and --duration\n');
  });

  it('reports all problems that a run would, each with its place', async () => {
    folder.write('bad.ts', SCENARIO.replace("'count>3'", "'avg>3'"));
    folder.write('bad.json', '{ "vuz": 1 }');
    const args = ['inspect', 'bad.ts', '-c', 'bad.json', '--workers', '0'];
    const { code, stderr } = await tokenswarm(args, { cwd: folder.path, env: { TOKENSWARM_VUS: '-1' } });
    assert.equal(code, 104);
    for (const problem of ['bad.json: vuz: ', 'thresholds.seen[0]: ', 'TOKENSWARM_VUS: ', '--workers: ']) {
      assert.ok(stderr.includes(problem), `${problem} is not in ${stderr}`);
    }
    const missing = await tokenswarm(['inspect', 'bad.ts', '-c', 'none.json'], { cwd: folder.path });
    assert.match(missing.stderr, /none\.json: there is no such config file/);
    const nowhere = await tokenswarm(['inspect', 'plan.ts'], {
      cwd: folder.path,
      env: { TOKENSWARM_BASE_URL: 'ftp://me:secret@host' },
    });
    assert.equal(nowhere.code, 104);
    assert.match(
      nowhere.stderr,
      /TOKENSWARM_BASE_URL: expected an http\(s\) URL or unix:\/path, got "ftp:\/\/\*\*\*@host"/,
    );
  });

  it('gives a program the plan and each profile of the load', async () => {
    const file = folder.write('program.ts', SCENARIO);
    const { inspection, profiles } = await inspect(file, {
      vus: 2,
      stages: [{ duration: '1s', target: 3 }],
      environment: {},
    });
    assert.deepEqual([inspection.scenarios[0]?.executor, inspection.maxVus], ['ramping-vus', 3]);
    assert.deepEqual(profiles, [
      {
        name: 'default',
        description: 'up to 3 looping VUs for 1s over 1 stage',
        unit: 'VUs',
        points: [
          { at: 0, level: 2 },
          { at: 1000, level: 2 },
          { at: 1000, level: 3 },
          { at: 1000, level: 3 },
        ],
      },
    ]);
  });
});
