import assert from 'node:assert/strict';
import { PROTOCOLS, type ProtocolName } from '../../../engine/client/protocols/index.js';
import { createSimulator } from '../../../engine/simulator/index.js';
import { chunk, END, misbehavingServers, STREAM } from '../../support/misbehaving-server.js';
import { check, json, models, refuses } from './checked-servers.js';

describe('the preflight of other protocols', () => {
  const start = misbehavingServers();
  const sse = (...events: readonly object[]) =>
    STREAM + events.map((data) => chunk(`data: ${JSON.stringify(data)}\n\n`)).join('') + END;
  const lines = (...each: readonly object[]) =>
    STREAM.replace('text/event-stream', 'application/x-ndjson') +
    each.map((data) => chunk(`${JSON.stringify(data)}\n`)).join('') +
    END;
  const openAi = models('m');
  /** Path and body of the models, path and answer of the request. */
  const table: readonly [ProtocolName, string, Buffer, string, Buffer | string, object][] = [
    [
      'complete',
      '/v1/models',
      openAi,
      '/v1/completions',
      sse({ choices: [{ text: 'a', finish_reason: 'length' }] }),
      { prompt: 'Hi', max_tokens: 1 },
    ],
    ['embed', '/v1/models', openAi, '/v1/embeddings', json(200, { data: [{ embedding: [1] }] }), { input: 'Hi' }],
    [
      'responses',
      '/v1/models',
      openAi,
      '/v1/responses',
      sse({ type: 'response.output_text.delta', delta: 'a' }, { type: 'response.completed' }),
      { max_output_tokens: 16 },
    ],
    [
      'anthropic',
      '/v1/models',
      openAi,
      '/v1/messages',
      sse({ type: 'content_block_delta', delta: { text: 'a' } }, { type: 'message_stop' }),
      { max_tokens: 1 },
    ],
    [
      'ollama',
      '/api/tags',
      json(200, { models: [{ name: 'm:latest', model: 'm:latest' }] }),
      '/api/chat',
      lines({ message: { content: 'a' } }, { message: { content: '' }, done: true }),
      { options: { num_predict: 1 } },
    ],
  ];
  for (const [protocol, listPath, list, path, answer, fields] of table) {
    it(`accepts a server with ${protocol} only`, async () => {
      const { url: baseUrl, calls } = await start(({ head, socket }) => {
        const [method, asked] = head.split(' ');
        if (method === 'GET' && asked === listPath) socket.write(list);
        else if (method === 'POST' && asked === path) socket.write(answer);
        else socket.write(json(404, { detail: 'Not Found' }));
      });
      assert.equal((await check({ baseUrl, model: 'm', apiKey: 'k' }, protocol)).model, 'm');
      const sent = JSON.parse(calls[1]!.body) as Record<string, unknown>;
      for (const [field, value] of Object.entries(fields)) assert.deepEqual(sent[field], value, field);
      if (protocol === 'anthropic') assert.ok(calls.every(({ head }) => head.includes('\r\nx-api-key: k\r\n')));
      await refuses(check({ baseUrl, model: 'm' }, 'chat'), /HTTP 404/, /set options.protocol to/);
    });
  }

  it('accepts a server without a list of models where a model is given', async () => {
    const { url: baseUrl } = await start(({ head, socket }) =>
      socket.write(head.startsWith('POST /v1/embeddings') ? json(200, { data: [{ embedding: [1] }] }) : json(404, {})),
    );
    assert.equal((await check({ baseUrl, model: 'mine' }, 'embed')).model, 'mine');
  });

  it("takes the first model of Ollama's list", async () => {
    const { url: baseUrl } = await start(({ head, socket }) =>
      socket.write(
        head.startsWith('GET /api/tags')
          ? json(200, { models: [{ name: 'llama3.2:3b' }, { name: 'qwen3:8b' }] })
          : lines({ message: { content: 'a' }, done: true }),
      ),
    );
    assert.equal((await check({ baseUrl: `${baseUrl}/v1` }, 'ollama')).model, 'llama3.2:3b');
  });

  it('recognises our simulator in each protocol', async () => {
    const simulator = await createSimulator({ apiKey: 'k', stepCost: () => 1 });
    try {
      for (const protocol of Object.keys(PROTOCOLS) as ProtocolName[]) {
        const found = await check({ baseUrl: simulator.url, apiKey: 'k' }, protocol);
        assert.deepEqual([found.simulated, found.model], [true, 'sim'], protocol);
      }
    } finally {
      await simulator.close();
    }
  });
});
