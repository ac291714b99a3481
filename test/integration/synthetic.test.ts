import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openTokenizer } from '../../engine/tokens/tokenizer.js';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { runToEnd, settings } from '../support/run.js';
import { tokenizerPath } from '../support/tokenizers.js';

interface Asked {
  readonly prompt?: string | readonly number[];
  readonly messages?: readonly { readonly content: string }[];
  readonly max_tokens?: number;
  readonly ignore_eos?: boolean;
}

describe('synthetic() in a run', () => {
  const folder = testFolder();
  const asked: Asked[] = [];
  let server: Server;
  let baseUrl: string;

  before(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => {
        body += part.toString();
      });
      request.on('end', () => {
        asked.push(JSON.parse(body) as Asked);
        const chat = request.url?.endsWith('/chat/completions');
        const choice = chat ? { delta: { content: 'ok' } } : { text: 'ok' };
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(
          `data: ${JSON.stringify({ choices: [{ index: 0, ...choice, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`,
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  });

  beforeEach(() => {
    asked.length = 0;
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const scenario = (options: string, call: string) => {
    return folder.write(
      'made.ts',
      `import { chat, complete, synthetic } from 'tokenswarm';
       const prompts = synthetic(${options});
       export default async function () { await ${call}; }`,
    );
  };
  const run = (file: string, more: object = {}) => {
    return runToEnd(file, settings(baseUrl, { vus: 3, iterations: 12, preflight: false, ...more }));
  };
  const { count } = openTokenizer(tokenizerPath('byte-level'));

  it("sends prompts of the wanted lengths by the run's tokenizer, with max_tokens as given", async () => {
    const file = scenario("{ input: 'uniform 20-40', output: 7, ignoreEos: true }", 'chat(prompts.draw())');
    const { errors } = await run(file, { tokenizer: tokenizerPath('byte-level') });
    assert.deepEqual(errors, []);
    const lengths = asked.map(({ messages }) => count(messages?.[0]?.content ?? ''));
    assert.equal(lengths.length, 12);
    assert.ok(lengths.every((length) => length >= 20 && length <= 40) && new Set(lengths).size > 3, lengths.join());
    assert.ok(asked.every(({ max_tokens: most, ignore_eos: ignores }) => most === 7 && ignores === true));
  });

  it('sends the same prompts with any number of workers', async () => {
    const file = scenario('{ input: 12 }', 'chat({ messages: prompts.next() })');
    const prompts = async (workers: number) => {
      asked.length = 0;
      await run(file, { workers });
      return asked.map(({ messages }) => messages?.[0]?.content).sort();
    };
    const one = await prompts(1);
    assert.equal(new Set(one).size, 12);
    assert.deepEqual(await prompts(3), one);
  });

  it('takes a tokenizer of its own, from the folder of the scenario, and gives texts and ids to complete', async () => {
    folder.write('own.json', JSON.stringify({ model: { type: 'WordLevel', vocab: {} } }));
    const ids = scenario(
      `{ input: 30, tokenizer: ${JSON.stringify(tokenizerPath('unigram'))} }`,
      'complete(prompts.drawIds())',
    );
    await run(ids);
    assert.ok(asked.every(({ prompt }) => Array.isArray(prompt) && prompt.length === 30));
    asked.length = 0;
    await run(scenario('{ input: 30, sharedPrefix: 10, output: 5 }', 'complete(prompts.drawText())'));
    assert.ok(asked.every(({ prompt, max_tokens: most }) => String(prompt).split(' ').length === 40 && most === 5));
    const { code, stderr } = await tokenswarm(['inspect', scenario("{ input: 30, tokenizer: './own.json' }", '0')]);
    assert.equal(code, 104);
    assert.match(stderr, /own\.json: its model is a "WordLevel", which is not supported/);
  });

  it('refuses invalid options before the load', async () => {
    const wrong: readonly (readonly [options: string, message: string])[] = [
      ['5', 'synthetic: expected an object such as { input: 512 }, got 5'],
      ['{ input: 5, outptu: 3 }', 'synthetic does not know the field outptu; did you mean "output"?'],
      ["{ input: 'long' }", 'synthetic: input: expected 512, { mean, stdev, min, max }'],
      ['{ input: 5, output: 0 }', 'synthetic: output: expected whole numbers of tokens from 1 to 10000000, got 0'],
      [
        '{ input: 5, sharedPrefix: -1 }',
        'synthetic: sharedPrefix: expected a whole number of tokens, 0 or more, got -1',
      ],
      ['{ input: 5, ignoreEos: 1 }', 'synthetic: ignoreEos: expected true or false, got 1'],
      ['{ input: 5, tokenizer: 1 }', 'synthetic: tokenizer: expected a path, got 1'],
    ];
    for (const [options, message] of wrong) {
      await assert.rejects(run(scenario(options, '0')), (error: Error) => {
        assert.ok(error.message.includes(message), error.message);
        return true;
      });
    }
  });
});
