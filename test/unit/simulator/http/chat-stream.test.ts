import assert from 'node:assert/strict';
import { request } from 'node:http';
import { connect } from 'node:net';
import { text as read } from 'node:stream/consumers';
import { createSimulator, type Simulator, type SimulatorOptions } from '../../../../engine/simulator/index.js';
import { type ChatEvent, contentOf, post, QUESTION, stream, textOf } from '../chat.js';

const FAST = 'sim-ttft5-itl1-len8';

describe('the simulator streams', () => {
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

  it('a role, the tokens one by one, the reason and [DONE], each with the instant it was written', async () => {
    const events = await stream(url, { model: FAST });
    const [role, ...rest] = events;
    const finish = rest.pop();
    assert.deepEqual(role?.choices, [
      { index: 0, delta: { role: 'assistant', content: '' }, logprobs: null, finish_reason: null },
    ]);
    assert.equal(rest.length, 8);
    assert.ok(rest.every((event) => event.choices[0]?.delta.content && event.choices[0].finish_reason === null));
    assert.deepEqual(finish?.choices, [{ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' }]);
    for (const event of events) {
      assert.equal(event.object, 'chat.completion.chunk');
      assert.equal(event.model, FAST);
      assert.equal(event.id, role?.id);
      assert.ok(!('usage' in event));
    }
    const written = events.map((event) => event.written_at);
    assert.ok(written.every((at, i) => i === 0 || at >= written[i - 1]!));
  });

  it('with headers that say what it is', async () => {
    const { headers } = await post(url, { model: FAST, messages: QUESTION, stream: true });
    assert.match(String(headers['content-type']), /^text\/event-stream/);
    assert.equal(headers['transfer-encoding'], 'chunked');
  });

  it('its headers at once, before the first token is due', async () => {
    await new Promise<void>((resolve, reject) => {
      const outgoing = request(`${url}/v1/chat/completions`, { method: 'POST' }, (response) => {
        response.on('error', () => {});
        outgoing.destroy();
        resolve();
      });
      outgoing.on('error', reject);
      outgoing.end(JSON.stringify({ model: 'sim-ttft60000', messages: QUESTION, stream: true }));
    });
  });

  it('the usage in an event of its own, if asked', async () => {
    const events = await stream(url, { model: FAST, stream_options: { include_usage: true } });
    const last = events.at(-1);
    assert.deepEqual(last?.choices, []);
    assert.deepEqual(last?.usage, { prompt_tokens: 6, completion_tokens: 8, total_tokens: 14 });
    assert.ok(events.slice(0, -1).every((event) => !('usage' in event)));
  });

  it('the usage so far in every event, if asked', async () => {
    const options = { include_usage: true, continuous_usage_stats: true };
    const events = await stream(url, { model: FAST, stream_options: options });
    const counts = events.map((event) => event.usage?.completion_tokens);
    assert.deepEqual(counts, [0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 8]);
  });

  it('one event less than usage counts when the answer ends by itself in batch mode', async () => {
    const events = await stream(url, { stream_options: { include_usage: true } });
    assert.equal(events.at(-1)?.usage?.completion_tokens, contentOf(events).length + 1);
    assert.equal(reasonOf(events), 'stop');
  });

  it('no more than max_tokens', async () => {
    for (const model of ['sim', FAST]) {
      for (const limit of ['max_tokens', 'max_completion_tokens']) {
        const events = await stream(url, { model, [limit]: 3, stream_options: { include_usage: true } });
        assert.equal(contentOf(events).length, 3);
        assert.equal(events.at(-1)?.usage?.completion_tokens, 3);
        assert.equal(reasonOf(events), 'length');
      }
    }
  });

  it('past the end of sequence if it is ignored', async () => {
    const events = await stream(url, { ignore_eos: true, max_tokens: 300 });
    assert.equal(contentOf(events).length, 300);
    assert.equal(reasonOf(events), 'length');
  });

  it('nothing of a stop string nor after it', async () => {
    const whole = textOf(await stream(url, { seed: 4, max_tokens: 30, ignore_eos: true }));
    const stop = whole.slice(20, 24);
    const events = await stream(url, { seed: 4, max_tokens: 30, ignore_eos: true, stop });
    assert.equal(textOf(events), whole.slice(0, whole.indexOf(stop)));
    assert.equal(reasonOf(events), 'stop');
  });

  it('the same text for the same seed and prompt, another without a seed', async () => {
    const ask = async (fields: object) => textOf(await stream(url, { model: 'sim-ttft1-itl0-len60', ...fields }));
    assert.equal(await ask({ seed: 42 }), await ask({ seed: 42 }));
    assert.notEqual(await ask({ seed: 42 }), await ask({ seed: 43 }));
    assert.notEqual(await ask({}), await ask({}));
  });

  it('the same texts after a restart with the same seed', async () => {
    const ask = async () => textOf(await stream(url, { model: FAST }));
    const first = [await ask(), await ask()];
    await restart({ seed: 1 });
    assert.deepEqual([await ask(), await ask()], first);
    await restart({ seed: 2 });
    assert.notEqual(await ask(), first[0]);
  });

  it('Chinese to a Chinese question, whole characters only', async () => {
    const messages = [{ role: 'user', content: '怎样养成一个好习惯？' }];
    const events = await stream(url, { model: 'sim-ttft1-itl0.2-len200', messages });
    assert.match(textOf(events), /^[\p{Script=Han}，。]+$/u);
  });

  it('an answer without tokens for len0', async () => {
    const events = await stream(url, { model: 'sim-ttft1-len0' });
    assert.equal(events.length, 2);
    assert.equal(reasonOf(events), 'stop');
  });

  it('without chunked encoding to a client that speaks HTTP/1.0', async () => {
    const body = JSON.stringify({ model: FAST, messages: QUESTION, stream: true });
    const socket = connect(simulator.port, '127.0.0.1');
    socket.write(`POST /v1/chat/completions HTTP/1.0\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    const response = await read(socket);
    assert.doesNotMatch(response, /transfer-encoding/i);
    assert.match(response, /\r\n\r\ndata: \{.*\}\n\ndata: \[DONE\]\n\n$/s);
  });
});

function reasonOf(events: readonly ChatEvent[]): string | null | undefined {
  return events.findLast((event) => event.choices.length > 0)?.choices[0]?.finish_reason;
}
