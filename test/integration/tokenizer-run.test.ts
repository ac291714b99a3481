import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { openTokenizer } from '../../engine/tokens/tokenizer.js';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { runToEnd, settings } from '../support/run.js';
import { tokenizerPath } from '../support/tokenizers.js';

const BYTE_LEVEL = tokenizerPath('byte-level');

/** An answer in a few pieces, none of which is one token. */
const PIECES = ['The steady state ', 'of a run: ', '稳定状态，', 'as docs/metrics.md says 😀.'];
const TEXT = PIECES.join('');

const EXPECTED = openTokenizer(BYTE_LEVEL).count(TEXT);

/** Server that streams one answer, with usage if the model asks. A model such as `usage20` asks for it. */
function startServer(): Promise<Server> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => {
      body += part.toString();
    });
    request.on('end', async () => {
      if (request.method === 'GET') {
        response.end('{"data":[{"id":"usage0"}]}');
        return;
      }
      const { model } = JSON.parse(body) as { readonly model: string };
      const usage = Number(/\d+/.exec(model)?.[0]);
      const deltas = PIECES.map((content) => {
        return model.startsWith('think') && content === PIECES[0] ? { reasoning_content: content } : { content };
      });
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const delta of deltas) {
        response.write(event({ choices: [{ index: 0, delta }] }));
        await sleep(20);
      }
      response.write(event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }));
      if (usage > 0) response.write(event({ choices: [], usage: { prompt_tokens: 9, completion_tokens: usage } }));
      response.end('data: [DONE]\n\n');
    });
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

function event(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

describe('a run with a tokenizer', () => {
  const folder = testFolder();
  let server: Server;
  let baseUrl: string;
  let file: string;

  before(async () => {
    server = await startServer();
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    file = folder.write(
      'chat.ts',
      `import { chat, check, Counter } from 'tokenswarm';
       const inOne = new Counter('in_one');
       export default async function () {
         const answer = await chat({ messages: 'hi', slo: { tpot: 60000 } });
         check(answer, { whole: ({ ok, text }) => ok && text !== '' });
         if (answer.chunks.every(({ at }) => at === answer.chunks[0].at)) inOne.add(1);
       }`,
    );
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const runWith = (model: string, more: object = {}) => {
    return runToEnd(
      file,
      settings(baseUrl, { vus: 3, iterations: 30, tokenizer: BYTE_LEVEL, preflight: false, ...more }, model),
    );
  };

  for (const workers of [1, 2]) {
    it(`counts answers without a server's token count, with ${workers} workers`, async () => {
      const { requests, metrics, warnings, quality } = await runWith('usage0', { workers });
      assert.deepEqual(requests.tokenSource, 'tokenizer');
      assert.deepEqual(requests.countedBy, { usage: 0, tokenizer: 30, events: 0 });
      assert.deepEqual(requests.tokenizer, { skipped: 0, checked: { answers: 0, usage: 0, tokens: 0 } });
      const { count, avg, min, max } = metrics.llm_output_tokens?.values ?? {};
      assert.deepEqual([count, avg, min, max], [30 * EXPECTED, EXPECTED, EXPECTED, EXPECTED]);
      // The first of four events has its share by length, and no gap before it.
      const first = Math.round((EXPECTED * (PIECES[0] ?? '').length) / TEXT.length);
      // A busy machine may read an answer in one piece.
      const apart = 30 - (metrics.in_one?.values.count ?? 0);
      assert.equal(metrics.llm_itl?.values.count, apart * (EXPECTED - first));
      assert.equal(metrics.llm_tpot?.values.count, apart);
      assert.equal(metrics.llm_good?.values.rate, 1);
      assert.equal(metrics.llm_requests?.values.count, 30);
      assert.deepEqual(warnings, []);
      assert.ok(!quality.reasons.join().includes('token'), quality.reasons.join());
      const speed = metrics.llm_output_tokens_per_second?.windows.whole?.value ?? 0;
      const characters = metrics.llm_output_characters_per_second?.windows.whole?.value ?? 0;
      assert.ok(Math.abs(characters / speed - TEXT.length / EXPECTED) < 1e-9, `${characters} ${speed}`);
    });
  }

  it('counts reasoning and text each by itself', async () => {
    const { count } = openTokenizer(BYTE_LEVEL);
    const { metrics } = await runWith('think0', { iterations: 3 });
    const tokens = count(PIECES[0] ?? '') + count(PIECES.slice(1).join(''));
    assert.equal(metrics.llm_output_tokens?.values.avg, tokens);
  });

  it("takes the server's count, without a warning where only the end-of-sequence token differs", async () => {
    const { requests, metrics, warnings } = await runWith(`usage${EXPECTED + 1}`, { workers: 1 });
    assert.equal(requests.tokenSource, 'usage');
    assert.equal(metrics.llm_output_tokens?.values.avg, EXPECTED + 1);
    assert.deepEqual(requests.tokenizer?.checked, { answers: 3, usage: 3 * EXPECTED, tokens: 3 * EXPECTED });
    assert.deepEqual(warnings, []);
  });

  it('warns where the counts differ by more than 5 %', async () => {
    const usage = 2 * EXPECTED + 1;
    const { requests, warnings } = await runWith(`usage${usage}`, { workers: 1 });
    assert.equal(requests.tokenSource, 'usage');
    assert.deepEqual(warnings, [
      `in 3 answers the server counted ${6 * EXPECTED} output tokens and the tokenizer ${3 * EXPECTED}, 50.0 % fewer: ` +
        "is it the served model's?",
    ]);
  });

  it('counts events where there is no tokenizer', async () => {
    const { requests, metrics } = await runToEnd(file, settings(baseUrl, { vus: 1 }, 'usage0'));
    assert.deepEqual([requests.tokenSource, requests.tokenizer], ['events', undefined]);
    assert.equal(metrics.llm_output_tokens?.values.avg, PIECES.length);
  });

  it('names the source of counts in the summary, and logs requests with them', async () => {
    const args = ['run', 'chat.ts', '--base-url', baseUrl, '--model', 'usage0', '--tokenizer', BYTE_LEVEL];
    const { code, stdout, stderr } = await tokenswarm([...args, '-u', '1', '-i', '2', '--out', 'requests=log.jsonl'], {
      cwd: folder.path,
    });
    assert.equal(code, 0, stderr);
    const logged = readFileSync(`${folder.path}/log.jsonl`, 'utf8').trim().split('\n');
    assert.deepEqual(
      logged.map((line) => (JSON.parse(line) as { readonly output_tokens: number }).output_tokens),
      [EXPECTED, EXPECTED],
    );
    assert.match(stdout.replace(/\s+/g, ' '), /output tokens are counted by the model's tokenizer: the server did not/);
  });

  it('refuses an invalid tokenizer before the load, with its place', async () => {
    const wrong: readonly (readonly [path: string, message: string])[] = [
      ['none', 'none: there is no such tokenizer'],
      ['chat.ts', 'chat.ts: not a tokenizer.json: it is not JSON'],
      ['mystery.json', 'mystery.json: the tokenizer cannot be used: Unknown PreTokenizer type: Mystery'],
    ];
    const model = { type: 'BPE', vocab: { a: 0 }, merges: [] };
    folder.write('mystery.json', JSON.stringify({ model, pre_tokenizer: { type: 'Mystery' } }));
    for (const [path, message] of wrong) {
      const args = ['run', 'chat.ts', '--base-url', baseUrl, '--model', 'usage0', '--tokenizer', path];
      const { code, stderr } = await tokenswarm(args, { cwd: folder.path });
      assert.equal(code, 104, stderr);
      assert.ok(stderr.includes(message), stderr);
    }
  });

  it('finds the tokenizer of a scenario from its own folder', async () => {
    folder.write('qwen/tokenizer.json', JSON.stringify({ model: { type: 'BPE', vocab: { a: 0 }, merges: [] } }));
    folder.write(
      'sub/own.ts',
      `export const options = { tokenizer: '../qwen' };
       import { chat } from 'tokenswarm';
       export default async function () { await chat({ messages: 'hi' }); }`,
    );
    const { requests } = await runToEnd(`${folder.path}/sub/own.ts`, settings(baseUrl, {}, 'usage0'));
    assert.equal(requests.tokenSource, 'tokenizer');
  });
});
