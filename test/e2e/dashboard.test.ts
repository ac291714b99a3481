import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { displayWidth } from '../../reporters/terminal-text.js';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { forkSimulator, type SimulatorChild } from '../support/simulator.js';
import { HAS_TMUX, openTerminal, type TerminalOptions, type TerminalWindow } from '../support/tmux.js';

/** Requests of two names, one Chinese, with some failures and prints. */
const SCENARIO = `
import { chat, check, exec, sleep } from 'tokenswarm';
export const options = {
  scenarios: { talk: { executor: 'constant-vus', vus: 4, duration: '60s', gracefulStop: '5s' } },
  thresholds: { llm_ttft: ['p(95)<5000'], llm_failed: ['rate<0.001'] },
};
export default async function () {
  const answer = await chat({ messages: 'hi', name: '客服问答' });
  check(answer, { '回答了问题': (a) => a.ok });
  await chat({ messages: 'hi', name: 'summarise', ...(exec.scenario.iterationInTest === 2 && { model: 'sim-500' }) });
  if (exec.scenario.iterationInTest === 1) console.log('the script has printed this');
  await sleep(0.1);
}
`;

/** The lines of a screen, without what is blank at its end. */
function linesOf(screen: string): string[] {
  return screen.trimEnd().split('\n');
}

describe('the dashboard in a terminal', () => {
  const folder = testFolder();
  let simulator: SimulatorChild;
  let scenario: string;
  let window: TerminalWindow | undefined;

  before(async function () {
    if (!HAS_TMUX) {
      console.log('    tmux is not installed: how the dashboard looks in a terminal is not tested');
      this.skip();
    }
    simulator = await forkSimulator();
    scenario = folder.write('talk.ts', SCENARIO);
  });

  afterEach(async () => {
    await window?.close();
    window = undefined;
  });

  after(() => simulator?.stop());

  async function open(options: Partial<TerminalOptions> = {}, file = scenario, ...more: readonly string[]) {
    const server = ['--base-url', simulator.url, '--model', 'sim-ttft5-itl1-len5', ...more];
    window = await openTerminal(['run', file, ...server], { width: 80, height: 24, ...options });
    return window;
  }

  it('comes alive, follows the size of the terminal, obeys its keys, and leaves the summary and the terminal as it was', async () => {
    const path = join(folder.path, 'run.json');
    const terminal = await open({ env: { TERM: 'screen-256color' } }, scenario, '--out', `json=${path}`);
    await terminal.shows(/talk .*4 of 4 users/);
    for (const [width, height, panels] of [
      [80, 24, ['TOKENS/S', 'TTFT', 'REQUESTS', 'THRESHOLDS', 'FAILURES', 'GENERATOR']],
      [120, 40, ['TOKENS/S', 'TTFT', 'USERS', 'SERVER  running', 'REQUESTS', 'THRESHOLDS', 'FAILURES', 'GENERATOR']],
      [200, 60, ['TOKENS/S', 'TTFT', 'TPOT', 'ITL', 'E2E', 'USERS', 'REQUESTS', 'THRESHOLDS', 'FAILURES', 'GENERATOR']],
    ] as const) {
      await terminal.resize(width, height);
      const screen = await terminal.shows(new RegExp(`(.*\n){${height - 1}} q quit`));
      const lines = linesOf(screen);
      assert.equal(lines.length, height);
      for (const line of lines) assert.ok(displayWidth(line) <= width, line);
      for (const panel of panels)
        assert.ok(screen.includes(`█ ${panel}`), `${panel} at ${width} by ${height}:\n${screen}`);
      assert.match(screen, /[\u2801-\u28ff]/, 'there are curves');
      const named = lines.filter((line) => /^ (客服问答|summarise|Aggregated) /.test(line));
      assert.equal(named.length, 3);
      assert.equal(new Set(named.map(displayWidth)).size, 1, named.join('\n'));
    }
    await terminal.shows(/✗ llm_failed rate<0.001/);
    await terminal.shows(/http_status 500 +×1 .*summarise/);
    await terminal.shows(/> the script has printed this/);
    await terminal.resize(80, 24);
    const keys: readonly (readonly [key: string, shows: RegExp])[] = [
      ['Tab', /█ TPOT/],
      ['w', /w 5m/],
      ['o', /REQUESTS {2}by requests/],
      ['Right', /name +fails +avg/],
      ['Down', /1 to 2 of 2|REQUESTS/],
      ['?', /Ctrl-C +stop: start no further iteration/],
      ['x', /█ TPOT/],
      ['+', /talk: 5 users, set by hand/],
      ['p', /paused: no iteration starts/],
      ['s', /wrote .*run-after-\d+s\.json/],
      ['p', /resumed/],
    ];
    for (const [key, shows] of keys) {
      await terminal.press(key);
      await terminal.shows(shows);
    }
    await terminal.shows(/5 of 5 users/);
    await terminal.press('q');
    const { text, code, settings, cursor } = await terminal.ended();
    assert.deepEqual([code, settings, cursor], [105, 'same', '1 0'], text);
    assert.match(text, /the script has printed this/);
    assert.match(text, /Interrupted: stopped by the user; 1 of 2 thresholds failed/);
    assert.match(text, /█ LATENCY[\s\S]*█ THROUGHPUT/);
    assert.ok(!/[\u2801-\u28ff]/.test(text), 'nothing of the dashboard is left');
    const saved = readdirSync(folder.path).find((name) => /^run-after-\d+s\.json$/.test(name));
    assert.equal(JSON.parse(readFileSync(join(folder.path, saved ?? ''), 'utf8')).run.outcome, 'running');
    const { operator, server } = JSON.parse(readFileSync(path, 'utf8'));
    assert.equal(server.version, 'simulator');
    const actions = operator.map(({ action }: { action: string }) => action);
    assert.deepEqual(actions, ['scale', 'pause', 'resume']);
  });

  for (const [name, env, expected] of [
    ['a Linux console, in ASCII', { TERM: 'linux' }, /# TOKENS\/S[\s\S]*\|[-'",.|]+[\s\S]*客服问答/],
    [
      'xterm without colours',
      { TERM: 'xterm-256color', NO_COLOR: '1' },
      /█ TOKENS\/S[\s\S]*[\u2801-\u28ff][\s\S]*客服问答/,
    ],
    [
      'a terminal of another encoding, in ASCII',
      { TERM: 'screen', LANG: 'C' },
      /# TOKENS\/S[\s\S]*\|[-'",.|]+[\s\S]*summarise/,
    ],
  ] as const) {
    it(`shows itself on ${name}; Ctrl-C twice ends it at once`, async () => {
      const terminal = await open({ env });
      const screen = await terminal.shows(expected);
      if (name.endsWith('ASCII')) assert.ok(!/[█│\u2801-\u28ff]/.test(screen), screen);
      await terminal.press('C-c', 'C-c');
      const { code, settings, cursor } = await terminal.ended();
      assert.deepEqual([code, settings, cursor], [105, 'same', '1 0']);
    });
  }

  it('gives back the terminal with the summary after a normal end, and when the script ends the run', async () => {
    for (const [body, code, said] of [
      ['', 0, /█ LATENCY/],
      ["exec.test.abort('it is enough');", 108, /it is enough/],
    ] as const) {
      const file = folder.write(
        'short.ts',
        `import { chat, exec, sleep } from 'tokenswarm';
         export const options = { vus: 1, duration: '2s' };
         export default async function () { await chat({ messages: 'hi' }); await sleep(0.5); ${body} }`,
      );
      const terminal = await open({}, file);
      const { text, ...end } = await terminal.ended();
      assert.deepEqual([end.code, end.settings, end.cursor], [code, 'same', '1 0'], text);
      assert.match(text, said);
      await terminal.close();
    }
  });

  it('gives back the terminal when there is a bug in tokenswarm, and shows that', async () => {
    const bug = folder.write(
      'bug.mjs',
      `import { performance } from 'node:perf_hooks';
       import { isMainThread } from 'node:worker_threads';
       if (isMainThread && process.argv[2] === 'run') setTimeout(() => {
         const error = new Error('a bug of our own');
         error.stack = 'Error: a bug of our own\\n    at f (' + process.argv[1] + ':1:1)';
         throw error;
       }, 3000);`,
    );
    const terminal = await open({ env: { NODE_OPTIONS: `--import=${bug}` } });
    await terminal.shows(/█ TOKENS/);
    const { text, code, settings, cursor } = await terminal.ended();
    assert.match(text, /a bug of our own/);
    assert.deepEqual([code === 0, settings, cursor], [false, 'same', '1 0']);
  });

  it('is not there with --dashboard off, where one line is rewritten', async () => {
    const terminal = await open({}, scenario, '--dashboard', 'off');
    const screen = await terminal.shows(/\d+ req .*tok\/s/);
    assert.ok(!screen.includes('TOKENS/S'));
    await terminal.press('C-c');
    assert.equal((await terminal.ended()).code, 105);
  });
});

describe('the dashboard without a terminal', () => {
  const folder = testFolder();

  it('is not there: a log gets lines free of control characters', async () => {
    const simulator = await forkSimulator();
    const file = folder.write(
      'short.ts',
      `import { chat } from 'tokenswarm';\nexport default async () => { await chat({ messages: 'hi' }); };`,
    );
    const target = ['--base-url', simulator.url, '--model', 'sim-ttft5-itl1-len5'];
    const { code, stdout, stderr } = await tokenswarm(['run', file, ...target, '-u', '1', '-d', '2s']);
    simulator.stop();
    assert.equal(code, 0);
    assert.match(stderr, /^00:0\d\/00:02 {2}/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for.
    assert.ok(!/[\u0000-\u0009\u000b-\u001f\u007f]/.test(stdout + stderr));
  });

  it('is refused where it was asked for, before anything is done', async () => {
    const { code, stderr } = await tokenswarm(['run', 'x.ts', '--dashboard', 'on']);
    assert.equal(code, 104);
    assert.match(stderr, /--dashboard: it needs a terminal/);
    const wrong = await tokenswarm(['run', 'x.ts', '--dashboard', 'maybe']);
    assert.match(wrong.stderr, /--dashboard: expected on, off or auto, got "maybe"/);
  });

  it('loads nothing that draws', async () => {
    const list = folder.write(
      'loaded.mjs',
      `import { createRequire } from 'node:module'; import { writeFileSync } from 'node:fs';
       const { cache } = createRequire(import.meta.url);
       process.on('exit', () => writeFileSync(process.env.LOADED, Object.keys(cache).join('\\n')));`,
    );
    const loaded = join(folder.path, 'loaded.txt');
    const { code } = await tokenswarm(['run', '--help'], {
      env: { NODE_OPTIONS: `--import=${list}`, LOADED: loaded },
      alone: true,
    });
    assert.equal(code, 0);
    assert.ok(existsSync(loaded) && !readFileSync(loaded, 'utf8').includes('blessed'));
  });
});
