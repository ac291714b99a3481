import assert from 'node:assert/strict';
import { request } from 'node:http';
import { connect } from 'node:net';
import { text as read } from 'node:stream/consumers';
import { createSimulator, type Simulator, type SimulatorOptions } from '../../../../engine/simulator/index.js';
import { contentOf, get, post, QUESTION, send, stream, textOf } from '../chat.js';

const FAST = 'sim-ttft5-itl1-len8';

describe('the simulator over HTTP', () => {
  let simulator: Simulator;
  let url: string;

  async function start(options: SimulatorOptions = {}): Promise<string> {
    simulator = await createSimulator(options);
    return simulator.url;
  }

  beforeEach(async () => {
    url = await start({ stepCost: () => 1 });
  });

  afterEach(() => simulator.close());

  async function restart(options: SimulatorOptions): Promise<void> {
    await simulator.close();
    url = await start(options);
  }

  describe('answers in one piece', () => {
    it('after the whole time of generation', async () => {
      const startedAt = performance.now();
      const { status, text } = await post(url, { model: 'sim-ttft40-itl5-len9', messages: QUESTION, seed: 3 });
      assert.ok(performance.now() - startedAt >= 79);
      assert.equal(status, 200);
      const { object, choices, usage, written_at } = JSON.parse(text);
      assert.equal(object, 'chat.completion');
      assert.equal(choices.length, 1);
      assert.equal(choices[0].finish_reason, 'stop');
      assert.equal(choices[0].message.role, 'assistant');
      assert.equal(choices[0].message.content, textOf(await stream(url, { model: 'sim-itl0-len9', seed: 3 })));
      assert.deepEqual(usage, { prompt_tokens: 6, completion_tokens: 9, total_tokens: 15 });
      assert.equal(typeof written_at, 'number');
    });
  });

  describe('refuses', () => {
    const errorOf = (text: string) => JSON.parse(text).error;

    it('a body that is no JSON, and a body that is no chat request', async () => {
      const broken = await post(url, '{"model": "sim",');
      assert.equal(broken.status, 400);
      assert.match(errorOf(broken.text).message, /not valid JSON/);
      const wrong = await post(url, { model: 'sim', messages: QUESTION, n: 3 });
      assert.equal(wrong.status, 400);
      assert.deepEqual(errorOf(wrong.text), {
        message: '`n` must be 1: the simulator gives one choice, got 3.',
        type: 'invalid_request_error',
        param: 'n',
        code: null,
      });
    });

    it('a model that it does not serve', async () => {
      const { status, text } = await post(url, { model: 'gpt-5', messages: QUESTION });
      assert.equal(status, 404);
      assert.equal(errorOf(text).message, 'The model `gpt-5` does not exist.');
      assert.equal(errorOf(text).code, 'model_not_found');
    });

    it('unknown paths and wrong methods', async () => {
      const missing = await get(`${url}/v1/audio/speech`);
      assert.equal(missing.status, 404);
      assert.deepEqual(Object.keys(errorOf(missing.text)), ['message', 'type', 'param', 'code']);
      const wrong = await get(`${url}/v1/chat/completions`);
      assert.equal(wrong.status, 405);
      assert.equal(wrong.headers.allow, 'POST');
    });

    it('a missing or wrong API key without repeating it, but tells everybody that it is healthy', async () => {
      await restart({ apiKey: 'sk-right' });
      const body = { model: FAST, messages: QUESTION };
      for (const headers of [{}, { authorization: 'Bearer sk-wrong' }, { authorization: 'sk-right' }]) {
        const { status, text } = await post(url, body, headers as Record<string, string>);
        assert.equal(status, 401);
        assert.equal(errorOf(text).code, 'invalid_api_key');
        assert.doesNotMatch(text, /sk-/);
      }
      assert.equal((await get(`${url}/v1/models`)).status, 401);
      assert.equal((await get(`${url}/health`)).status, 200);
      assert.equal((await post(url, body, { authorization: 'Bearer sk-right' })).status, 200);
    });

    it('a body of more than 64 MiB', async () => {
      const body = Buffer.alloc(64 * 2 ** 20 + 1, 'x');
      const { status } = await send('POST', `${url}/v1/chat/completions`, body, {});
      assert.equal(status, 413);
    });
  });

  it('lists the model it serves and says that it is healthy', async () => {
    await restart({ model: 'qwen' });
    const { data, object } = JSON.parse((await get(`${url}/v1/models`)).text);
    assert.equal(object, 'list');
    assert.equal(data.length, 1);
    assert.equal(data[0].id, 'qwen');
    assert.equal(data[0].owned_by, 'tokenswarm-simulator');
    assert.equal((await post(url, { model: 'qwen', messages: QUESTION, max_tokens: 1 })).status, 200);
    assert.deepEqual(JSON.parse((await get(`${url}/health?x=1`)).text), { status: 'ok' });
  });

  it('frees the slot of a client that goes away', async () => {
    await restart({ stepCost: () => 2, maxNumSeqs: 1 });
    await new Promise<void>((resolve, reject) => {
      const outgoing = request(`${url}/v1/chat/completions`, { method: 'POST' }, (response) => {
        response.on('error', () => {});
        response.once('data', () => {
          outgoing.destroy();
          resolve();
        });
      });
      outgoing.on('error', reject);
      outgoing.end(JSON.stringify({ model: 'sim', messages: QUESTION, stream: true, ignore_eos: true }));
    });
    assert.equal(contentOf(await stream(url, { max_tokens: 5 })).length, 5);
  });

  describe('with a client that reads slowly', () => {
    async function readLate(model: string): Promise<string> {
      const body = JSON.stringify({ model, messages: QUESTION, stream: true });
      const socket = connect(simulator.port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write(
        `POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
      await new Promise((resolve) => setTimeout(resolve, 200));
      return read(socket);
    }

    it('holds tokens back and writes them all in the end', async () => {
      const response = await readLate('sim-ttft0-itl0-len45000');
      assert.equal(response.match(/"content":"[^"]/g)?.length, 45_000);
      assert.match(response, /data: \[DONE\]\n\n\r\n0\r\n\r\n$/);
    });

    it('cuts the connection when more than 16 MiB wait', async () => {
      assert.doesNotMatch(await readLate('sim-ttft0-itl0-len120000'), /\[DONE\]/);
    });
  });
});
