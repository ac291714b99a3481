import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasNativeReader } from '../../engine/client/reader/native-reader.js';
import type { FaultOf } from '../faults/fault.js';
import { HTTP2_FAULTS } from '../faults/http2.js';
import { OPENING_FAULTS } from '../faults/openings.js';
import type { Served } from '../faults/serve.js';
import { FAULTS, SOUND } from '../faults/table.js';
import { certificateFile } from '../support/certificates.js';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';

/** Line of the request log. */
interface Logged {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly failure?: { readonly kind: string; readonly message: string };
  readonly output_tokens?: number;
  readonly censored: boolean;
}

type Expected = Pick<FaultOf<never>, 'name' | 'kind' | 'says' | 'tokens' | 'timeouts'>;

/** Name of the request after each row, which is answered well. */
const AFTER = 'after it';

/** Requests for each row. */
const TIMES = 2;

/** Most memory of this process during a run, in bytes. */
const MOST_MEMORY = 2e9;

/** Requests that the client ends itself, in the middle of a stream. */
const ABORTS: readonly (Expected & { readonly code: string })[] = [
  { name: 'abort: a signal before the request', kind: 'cancelled', code: '({ signal: AbortSignal.abort() })' },
  {
    name: 'abort: a signal in the stream',
    kind: 'cancelled',
    says: /^the script's signal aborted/,
    code: '{ const c = new AbortController(); return { signal: c.signal, onToken: () => c.abort() }; }',
  },
  { name: 'abort: enough tokens', kind: 'success', tokens: 1, code: '({ abortAfter: { tokens: 1 } })' },
  {
    name: 'abort: onToken throws',
    kind: 'cancelled',
    says: /^onToken threw: no$/,
    code: `({ onToken() { throw new Error('no'); } })`,
  },
];

/** Scenario that meets each row, and a sound answer after it. */
function scenario(rows: readonly Expected[], sound: string, more = ''): string {
  // Bare numbers below a second are refused in scripts.
  const asked = rows.map(({ name, timeouts = { total: 10_000, idle: 10_000 } }) => {
    const timeout = Object.fromEntries(Object.entries(timeouts).map(([part, ms]) => [part, `${ms}ms`]));
    return { name, timeout };
  });
  return `import { chat, check, exec } from 'tokenswarm';
    const ABORTS = { ${ABORTS.map(({ name, code }) => `${JSON.stringify(name)}: () => ${code}`).join(', ')} };
    const rows = ${JSON.stringify(asked)};
    export const options = { scenarios: {
      hostile: { executor: 'shared-iterations', vus: 6, iterations: ${TIMES} * rows.length, maxDuration: '5m' },
      ${more}
    } };
    export default async function () {
      const { name, timeout } = rows[exec.scenario.iterationInTest % rows.length];
      const abort = ABORTS[name];
      const model = abort ? 'half open after a token' : name;
      await chat({ messages: 'hi', model, name, timeout, ...abort?.() }).catch(() => undefined);
      const answer = await chat({ messages: 'hi', model: ${JSON.stringify(sound)}, name: '${AFTER}' });
      check(answer, { sound: ({ ok, text }) => ok && text === 'Hello you' });
    }
    export async function leave() { await chat({ messages: 'hi', model: 'mute', name: 'left' }); }`;
}

describe('a run that meets every fault', () => {
  const folder = testFolder();
  let child: ChildProcess;
  let served: Served;

  before(async () => {
    child = fork(new URL('../faults/serve.js', import.meta.url));
    [served] = (await once(child, 'message')) as [Served];
  });

  after(() => child.kill());

  /** Runs a scenario against these servers. Returns its summary and its log. */
  async function ran(code: string, baseUrl: string, ...flags: readonly string[]) {
    const file = folder.write('hostile.ts', code);
    const [summary, log] = [join(folder.path, 'summary.json'), join(folder.path, 'requests.jsonl')];
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss());
    }, 50);
    const common = ['--base-url', baseUrl, '--model', 'm', '--no-preflight'];
    const out = ['--out', `json=${summary}`, '--out', `requests=${log}`];
    const { code: exit, stdout, stderr } = await tokenswarm(['run', file, ...common, ...out, ...flags]);
    clearInterval(watch);
    assert.equal(exit, 0, stderr + stdout);
    assert.ok(most < MOST_MEMORY, `${Math.round(most / 1e6)} MB`);
    const { run, errors, checks } = folder.summary('summary.json');
    assert.deepEqual([run.outcome, run.missing, errors], ['completed', [], []]);
    const logged = readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text) as Logged);
    const unsound = logged.filter(({ name, failure }) => name === AFTER && failure);
    assert.deepEqual([unsound, checks.filter(({ fails }) => fails > 0)], [[], []]);
    return { summary: folder.summary('summary.json'), logged };
  }

  function judge(rows: readonly Expected[], logged: readonly Logged[], rowOf = ({ name }: Logged) => name): void {
    for (const { name, kind, says = /./, tokens = 2 } of rows) {
      const own = logged.filter((each) => rowOf(each) === name);
      assert.equal(own.length, TIMES, name);
      for (const { failure, output_tokens: told } of own) {
        assert.equal(failure?.kind ?? 'success', kind, `${name}: ${failure?.message}`);
        if (failure) assert.match(failure.message, says, name);
        else assert.equal(told, tokens, name);
      }
    }
  }

  /** Waits until the servers have no socket open. */
  async function allClosed(): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      child.send('sockets');
      const [open] = (await once(child, 'message')) as [number];
      if (open === 0) return;
      assert.ok(tries < 100, `${open} sockets are still open`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  for (const reader of ['js', 'native'] as const) {
    it(`over HTTP/1.1, or ends requests itself, read by ${reader}, names each and loses no worker and no socket`, async function () {
      if (reader === 'native' && !hasNativeReader()) this.skip();
      this.timeout(120_000);
      const rows = [...Object.values(FAULTS).flat(), ...ABORTS];
      const left = `left: { executor: 'constant-vus', exec: 'leave', vus: 3, duration: '1s', gracefulStop: '0s' },`;
      const flags = ['--workers', '2', '--reader', reader];
      const { logged, summary } = await ran(scenario(rows, SOUND.name, left), served.plain, ...flags);
      judge(rows, logged);
      assert.equal((summary.reader?.reads ?? 0) > rows.length, reader === 'native');
      assert.equal(summary.metrics.llm_censored?.windows.whole?.count, 3);
      const wrong = rows.filter((row) => 'doubt' in row && row.doubt).length;
      assert.equal(
        summary.requests.disbelieved?.reduce((sum, { count }) => sum + count, 0),
        TIMES * wrong,
      );
      await allClosed();
    });
  }

  it('over HTTP/2 names each and loses no worker', async function () {
    this.timeout(60_000);
    const flags = ['--http2', '--ca', certificateFile('ca.pem')];
    const { logged } = await ran(scenario(HTTP2_FAULTS, HTTP2_FAULTS[0]?.name ?? ''), served.http2, ...flags);
    judge(HTTP2_FAULTS, logged);
  });

  for (const [name, flags] of [
    ['no settings', []],
    ['an authority', ['--ca', certificateFile('ca.pem')]],
    ['any certificate', ['--insecure-skip-tls-verify']],
  ] as const) {
    it(`at the opening of connections, with ${name} for TLS, names each`, async function () {
      this.timeout(60_000);
      const rows = OPENING_FAULTS.map((row, index) => ({ ...row, url: served.openings[index] ?? '' })).filter(
        ({ tls = {} }) => (tls.insecureSkipTLSVerify ? '--insecure-skip-tls-verify' : tls.ca && '--ca') === flags[0],
      );
      const code = `import { chat } from 'tokenswarm';
        export const options = { vus: 4, iterations: ${TIMES * rows.length} };
        export default async () => { await chat({ messages: 'hi', timeout: '1s' }); };`;
      const urls = rows.map(({ url }) => url);
      const { logged } = await ran(code, urls.join(','), '--workers', '1', ...flags);
      const names = new Map(rows.map((row) => [new URL(row.url).host, row.name]));
      judge(rows, logged, ({ tags }) => names.get(tags.target ?? '') ?? '');
    });
  }
});
