import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { cardNamed, deploymentOf, modelNamed } from '../../engine/hardware/index.js';
import type { Sweep } from '../../engine/results/sweep/sweep.js';
import { ROOT, tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { blocks, wordsOf } from '../support/page.js';
import { virtualTime } from '../support/virtual-time.js';

/** Sessions of a second alone; each further agent adds one. */
const SCENARIO = `
import { session } from 'tokenswarm';
const vus = Number(__ENV.AGENTS);
export const options = {
  scenarios: { agents: { executor: 'constant-vus', vus, duration: __ENV.FOR ?? '60s', gracefulStop: '0s' } },
};
export default () => session('job', async (s) => {
  await s.turn({ prompt: 'go' });
  await s.tool('grep', vus + 's');
}, { slo: { duration: '5s' } });
`;

const COMMANDS = blocks('docs/agents.md', 'sh')
  .flatMap((block) => block.trim().split('\n'))
  .filter((line) => /^tokenswarm (sweep|compare|advise) /.test(line))
  .map((line) => wordsOf(line).slice(1));

/** Words of the commands, shortened for a test. */
const SHORTER: Readonly<Record<string, string>> = { 'DURATION=1m': 'DURATION=20s', 'AGENTS=2,4,8': 'AGENTS=2,8' };

describe('sessions in campaigns', function () {
  this.timeout(60_000);
  const folder = testFolder();
  const time = virtualTime();
  const inFolder = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await tokenswarm(args, { cwd: folder.path, time });
    return { code, stdout, stderr, text: stdout.replace(/\s+/g, ' ') };
  };
  const asked = () => ['agents.ts', '--base-url', time.url, '--model', 'sim-ttft5-itl1-len5', '-q'];

  /** Calls the records of a folder valid. In virtual time a worker is busy all the time. */
  function makeValid(name: string): void {
    for (const file of readdirSync(join(folder.path, name)).filter((each) => /^AGENTS=.*json$/.test(each))) {
      const record = folder.summary(`${name}/${file}`);
      folder.write(
        `${name}/${file}`,
        JSON.stringify({ ...record, quality: { ...record.quality, verdict: 'valid', reasons: [] } }),
      );
    }
  }

  before(() => {
    folder.write('agents.ts', SCENARIO);
    folder.write('prices.json', '{ "currency": "USD", "perCardHour": { "H800": 2.5, "RTX 4090": 0.4 } }');
  });

  it('are swept: a table, charts and columns of their own', async () => {
    const { code, stdout, stderr, text } = await inFolder(
      ...[
        'sweep',
        ...asked(),
        '--vary',
        'AGENTS=1,4,20',
        '--label',
        'gpu=H800',
        '--label',
        'price=2',
        '--out',
        'swept',
      ],
    );
    assert.equal(code, 0, stdout + stderr);
    assert.match(
      stdout,
      /█ SESSIONS\n\n +AGENTS +sessions\/hour +duration p50 +p95 +within SLO +failed +cost a session\n/,
    );
    assert.match(stdout, /SESSIONS\/HOUR +█ SESSION P95/);
    // 20 of 60 began in the last 20 seconds.
    assert.match(
      text,
      /! AGENTS=20: 20 of 60 sessions were cut off, after up to 19\.\d+s: those that ended are the short ones/,
    );
    const { series } = JSON.parse(readFileSync(join(folder.path, 'swept/sweep.json'), 'utf8')) as Sweep;
    const [one, four, twenty] = series[0]?.levels ?? [];
    assert.deepEqual([one?.median.sessionGood, four?.median.sessionGood, twenty?.median.sessionGood], [1, 1, 0]);
    assert.ok(Math.abs((four?.median.sessionP95 ?? 0) - 4010) < 5, JSON.stringify(four?.median));
    const { sessionsPerHour = 0, costPerSession } = four?.median ?? {};
    assert.deepEqual([sessionsPerHour, costPerSession?.toFixed(9)], [56 * 60, (2 / (56 * 60)).toFixed(9)]);
    assert.deepEqual(four?.runs[0]?.sessions?.ended, 56);
    const [row] = parse(readFileSync(join(folder.path, 'swept/sweep.csv')), { columns: true }) as Record<
      string,
      string
    >[];
    assert.deepEqual([row?.session_good, row?.session_failed], ['1', '0']);
    const page = readFileSync(join(folder.path, 'swept/sweep.html'), 'utf8');
    for (const title of ['Sessions per hour', 'Duration of a session', 'Cost of a session']) {
      assert.ok(page.includes(`"title":"${title}"`), title);
    }
  });

  it('are searched for the most agents within an SLO', async () => {
    const { code, stdout, stderr, text } = await inFolder(
      ...['capacity', ...asked(), '--vary', 'AGENTS=1..30', '--slo', 'llm_session_good:rate>0.9', '--out', 'good'],
    );
    assert.equal(code, 0, stdout + stderr);
    assert.match(
      text,
      /AGENTS=4 is the most that meets the objectives; 5 does not: llm_session_good rate>0\.9 was 0\.00%/,
    );
  });

  it('count at their age where they were cut off beyond the limit, and are missing where none ended', async () => {
    const search = async (limit: number, out: string) => {
      const slo = ['--slo', `llm_session_duration:p(90)<${limit}`, '--out', out];
      return await inFolder('capacity', ...asked(), '--vary', 'AGENTS=20..21', '-e', 'FOR=15s', ...slo);
    };
    const older = await search(12_000, 'older');
    assert.equal(older.code, 99, older.stderr);
    assert.match(
      older.text,
      /p\(90\)<12000 was (14\.99|15)s or more \(20 of the sessions were cut off later than the limit\)/,
    );
    const younger = await search(16_000, 'younger');
    assert.match(younger.text, /had no sample: no session ended within the load, which has to be longer/);
  });

  it('are compared by their own figures', async () => {
    const { code, stdout, stderr } = await inFolder('compare', 'swept/AGENTS=1.json', 'swept/AGENTS=4.json');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^ {2}duration avg +1\.00s +4\.00s +\+29\d\.\d%.* slower$/m);
    assert.match(stdout, /^ {2}sessions\/hour +3,\d+ +3,360 /m);
    assert.match(stdout, /^ {2}session goodput +100\.00% +100\.00%/m);
  });

  it('choose a card, by the commands of docs/agents.md', async () => {
    assert.equal(COMMANDS.length, 5);
    const said: string[] = [];
    for (const words of COMMANDS) {
      const card = words[words.indexOf('--server') + 1]?.match(/--card (\S+)/)?.[1];
      const simulator = card
        ? await time.simulator({
            card: {
              deployment: deploymentOf({ card: cardNamed(card, 'test'), model: modelNamed('qwen2.5-7b', 'test') }),
            },
          })
        : undefined;
      // In virtual time the server of the command is one of this process.
      const args = simulator
        ? [...words.toSpliced(words.indexOf('--server'), 2), '--base-url', simulator.url, '-q']
        : words;
      const found = args.map((word) => SHORTER[word] ?? word.replace(/^scenarios\//, `${ROOT}/scenarios/`));
      const { code, stdout, stderr, text } = await inFolder(...found);
      await simulator?.close();
      assert.equal(code, 0, `${words.join(' ')}\n${stdout}${stderr}`);
      said.push(words[0] === 'advise' ? text : stdout);
      if (words[0] === 'sweep') makeValid(words.at(-1) ?? '');
    }
    const [, , compared = '', users = '', jobs = ''] = said;
    assert.match(compared, /sessions\/hour\n +users +H800 +RTX-4090\n/);
    assert.match(compared, /^ {4}session duration mean, 8 users +(H800 [>≈?] RTX-4090|RTX-4090 [≈?] H800)$/m);
    assert.match(users, /50 users within llm_session_good rate>0\.5/);
    assert.match(users, /replicas? of .*USD an hour, 0\.\d+ USD per finished session/);
    assert.match(users, / replicas cards an hour a session sessions\/hour users each /);
    assert.match(jobs, /5,000 sessions\/hour within/);
  });
});
