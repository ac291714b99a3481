import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from '../../engine/index.js';
import { ROOT } from '../support/command.js';
import { startHttpServer } from '../support/http-server.js';
import { blocks } from '../support/page.js';
import { runToEnd, settings } from '../support/run.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';
import { virtualTime } from '../support/virtual-time.js';

/** Commands of the suites in docs/suites.md. */
const COMMANDS = blocks('docs/suites.md', 'sh').filter((block) => block.startsWith('tokenswarm run '));

describe('the scenarios that are shipped', () => {
  const time = virtualTime();
  let simulator: Simulator;

  before(async () => {
    simulator = await sharedSimulator();
  });

  /** Variables that shorten each suite to a second. */
  const SUITES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'agentx.ts': { LANES: '2', DURATION: '2s' },
    'coding-agents.ts': { AGENTS: '2', SCALE: '0.01', SPEED: '1000', SUBAGENTS: '0', DURATION: '1s' },
    'latency.ts': { N: '4' },
    'long-prompt.ts': { USERS: '2', RATE: '5', INPUT: '500', DURATION: '1s' },
    'mixed-traffic.ts': { RATE: '20', DURATION: '1s' },
    'multi-turn.ts': { TURNS: '3', THINK: '0', DURATION: '1s' },
    'poisson-rate.ts': { RATE: '20', DURATION: '1s' },
    'shared-prefix.ts': { PREFIX: '300', DURATION: '1s' },
    'soak.ts': { RAMP: '0s', HOLD: '3s', THINK: '0s' },
    'throughput.ts': { RAMP: '100ms', HOLD: '1s', SAMPLE: '5' },
    'trace.ts': { SPEED: '60' },
  };
  const commands = new Map(
    COMMANDS.map((block) => {
      const [name = '', ...words] = block.replace('tokenswarm run scenarios/', '').trim().split(' ');
      const given = words.filter((_, i) => words[i - 1] === '-e').map((word) => word.split('=') as [string, string]);
      return [name, Object.fromEntries(given)] as const;
    }),
  );
  const rows: Readonly<Record<string, readonly string[]>> = {
    'agentx.ts': ['Explore', 'session'],
    'coding-agents.ts': ['coding'],
    'long-prompt.ts': ['document', 'talk'],
    'mixed-traffic.ts': ['code', 'document', 'question'],
    'multi-turn.ts': ['turn 1', 'turn 2', 'turn 3'],
    'shared-prefix.ts': ['own', 'shared'],
  };

  for (const name of readdirSync(join(ROOT, 'scenarios')).filter((file) => file.endsWith('.ts'))) {
    it(`${name} runs, and its requests succeed`, async () => {
      const env = SUITES[name] && { ...commands.get(name), ...SUITES[name] };
      const load = env ? { env } : { vus: 2, iterations: 4 };
      const summary = await time.runToEnd(join(ROOT, 'scenarios', name), settings(time.url, load));
      assert.deepEqual([summary.run.outcome, summary.errors, summary.failures], ['completed', [], []]);
      assert.ok((summary.metrics.llm_requests?.windows.whole?.count ?? 0) >= 4);
      assert.ok(summary.checks.length > 0 && summary.checks.every(({ fails }) => fails === 0));
      if (!env) return;
      assert.deepEqual(summary.locust.rows.map((row) => row.name).sort(), rows[name] ?? ['chat']);
      // What its head says to look at is there.
      const source = readFileSync(join(ROOT, 'scenarios', name), 'utf8');
      const selected = [...source.matchAll(/^ {4}'(llm_\w+\{[\w:.]+\})'/gm)].map(([, metric = '']) => metric);
      for (const metric of selected) assert.ok(summary.metrics[metric]?.windows.whole?.count, metric);
    });
  }

  it('have parameters that are refused by their names', async () => {
    const refused = async (name: string, env: Readonly<Record<string, string>>) => {
      const inspected = inspect(join(ROOT, 'scenarios', name), settings(undefined, { env }));
      return inspected.then(
        () => 'nothing',
        (error: Error) => error.message,
      );
    };
    assert.equal(
      await refused('throughput.ts', { PEAK_USERS: 'abc', HOLD: '5x' }),
      'PEAK_USERS: expected a whole number from 1 on, got "abc"\n' +
        'HOLD: expected a duration from 1s on such as "30s" or "1m30s", got "5x"',
    );
    for (const [name, env] of Object.entries(SUITES)) {
      for (const [parameter, value] of Object.entries(env)) {
        assert.match(await refused(name, { [parameter]: '5x' }), new RegExp(`^${parameter}: expected .* got "5x"$`));
        assert.equal(await refused(name, { [parameter]: value }), 'nothing');
      }
    }
  });

  it('have a command in docs/suites.md for each suite, and parameters that there are', async () => {
    assert.deepEqual([...commands.keys()].sort(), Object.keys(SUITES));
    for (const [name, env] of commands) {
      await inspect(join(ROOT, 'scenarios', name), settings(undefined, { env }));
      const source = readFileSync(join(ROOT, 'scenarios', name), 'utf8');
      for (const parameter of Object.keys(env)) assert.ok(source.includes(`('${parameter}',`), `${name}: ${parameter}`);
    }
  });

  it('tell of all their parameters in docs/suites.md, with the defaults that they have', () => {
    const page = readFileSync(join(ROOT, 'docs/suites.md'), 'utf8');
    for (const name of Object.keys(SUITES)) {
      const source = readFileSync(join(ROOT, 'scenarios', name), 'utf8');
      const [, table = ''] = page.split(`\n### ${name.replace('.ts', '')}\n`);
      const documented = [...(/^\| parameters? \| .*$/m.exec(table)?.[0] ?? '').matchAll(/`(\w+)=?([^`]*)`/g)];
      const read = [...source.matchAll(/env\.\w+\('(\w+)', (?:'([^']*)'|\['(\w+)'|([\d.]+))/g)];
      assert.deepEqual(
        documented.map(([, parameter, value]) => `${parameter}=${value}`).sort(),
        read.map(([, parameter, text, choice, number]) => `${parameter}=${text ?? choice ?? number}`).sort(),
        name,
      );
    }
  });

  for (const api of ['chat', 'responses', 'anthropic']) {
    it(`tools.ts speaks ${api}`, async () => {
      const given = settings(simulator.url, { vus: 1, iterations: 2, env: { API: api } });
      const summary = await runToEnd(join(ROOT, 'scenarios/tools.ts'), given);
      assert.deepEqual([summary.errors, summary.failures], [[], []]);
      assert.equal(summary.metrics.llm_requests?.values.count, 4);
      assert.equal(summary.checks.length, 2);
      assert.ok(summary.checks.every(({ fails }) => fails === 0));
    });
  }

  it('rag.ts asks the vector store that it is given', async () => {
    const store = await startHttpServer();
    try {
      const given = settings(simulator.url, { vus: 1, iterations: 2, env: { STORE: `${store.url}/anything/search` } });
      const summary = await runToEnd(join(ROOT, 'scenarios/rag.ts'), given);
      assert.deepEqual([summary.errors, summary.failures, summary.run.exitCode], [[], [], 0]);
      assert.deepEqual(store.seen, ['POST /anything/search', 'POST /anything/search']);
    } finally {
      await store.close();
    }
  });

  it('a run of a thousand users works', async function () {
    this.timeout(60_000);
    const load = { vus: 1000, iterations: 2000 };
    const given = settings(simulator.url, { ...load, workers: 2 }, 'sim-ttft20-itl10-len5');
    const summary = await runToEnd(join(ROOT, 'scenarios/quickstart.ts'), given);
    assert.deepEqual([summary.run.outcome, summary.failures, summary.errors], ['completed', [], []]);
    assert.equal(summary.metrics.llm_requests?.values.count, 2000);
    assert.equal(summary.metrics.llm_output_tokens?.values.count, 10_000);
    assert.equal(summary.metrics.iterations?.values.count, 2000);
  });
});
