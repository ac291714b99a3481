import assert from 'node:assert/strict';
import { createSimulator } from '../../../engine/simulator/index.js';
import {
  type Call,
  DONE,
  END,
  finish,
  GOOD,
  misbehavingServers,
  plain,
  STREAM,
} from '../../support/misbehaving-server.js';
import { check, json, models, refuses } from './checked-servers.js';

describe('the preflight', () => {
  const start = misbehavingServers();

  /** Starts a server with this list of models and chat answer. */
  async function serving(list: Buffer, chat: Buffer | string | ((call: Call) => Buffer | string) = GOOD) {
    return await start((call) => {
      if (call.head.startsWith('GET /v1/models ')) call.socket.write(list);
      else call.socket.write(typeof chat === 'function' ? chat(call) : chat);
    });
  }

  it('takes the first listed model', async () => {
    const { url: baseUrl, calls } = await serving(models('first', 'second'));
    assert.deepEqual(await check({ baseUrl }), { baseUrl, model: 'first', askUsage: true, simulated: false });
    assert.match(calls[1]!.head, /^POST \/v1\/chat\/completions /);
    const { model, max_tokens } = JSON.parse(calls[1]!.body) as Record<string, unknown>;
    assert.deepEqual([calls.length, model, max_tokens], [2, 'first', 1]);
  });

  it('takes the given model where it is listed', async () => {
    const { url: baseUrl } = await serving(models('first', 'second'));
    const found = await check({ baseUrl, model: 'second' });
    assert.deepEqual([found.model, found.warning], ['second', undefined]);
  });

  it('accepts a served model that is not listed, with a warning', async () => {
    const { url: baseUrl } = await serving(models('unknown', 'sim-*'));
    const { model, warning } = await check({ baseUrl, model: 'sim-5' });
    assert.equal(model, 'sim-5');
    assert.match(warning ?? '', /serves the model sim-5, which is not in its list: unknown, sim-\*$/);
  });

  for (const [how, refusal] of [
    ['by 404', json(404, { error: { message: 'The model third does not exist.' } })],
    ['by 400', json(400, { error: { message: 'Invalid model name passed in model=third' } })],
    ['by 500 without a word', plain(500, 'text/plain', 'Internal Server Error')],
  ] as const) {
    it(`lists the models where the server refuses one ${how}`, async () => {
      const { url: baseUrl } = await serving(models('first', 'second'), refusal);
      const other = check({ baseUrl, model: 'third' });
      await refuses(other, /does not know the model third: HTTP/, /^use one of: first, second$/);
    });
  }

  it('asks for a model where the first listed one does not work', async () => {
    const { url: baseUrl } = await serving(models('unknown'), json(404, { error: 'The model unknown does not exist' }));
    await refuses(check({ baseUrl }), /HTTP 404: The model unknown does not exist$/, /name another with --model/);
  });

  it('ignores a listed name that contains a key', async () => {
    const { url: baseUrl } = await serving(models('m-sk-12345678', 'second'));
    assert.equal((await check({ baseUrl, apiKey: 'sk-12345678' })).model, 'second');
  });

  it('names the key for any 4xx with one', async () => {
    const refusal = json(400, { error: { message: 'No connected db.', type: 'no_db_connection' } });
    const listing = await serving(refusal, refusal);
    const hint = /^is the key right/;
    await refuses(check({ baseUrl: listing.url, apiKey: 'sk-12345678' }), /HTTP 400: No connected db\.$/, hint);
    await refuses(
      check({ baseUrl: listing.url, apiKey: 'sk-12345678', model: 'm' }),
      /HTTP 400: No connected db/,
      hint,
    );
  });

  const refusesMaxTokens = (message: string) => (call: Call) =>
    'max_tokens' in JSON.parse(call.body) ? json(400, { error: { message, param: 'max_tokens' } }) : GOOD;
  for (const message of [
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    "Parameter 'max_tokens' is not known to this model: it takes 'max_completion_tokens'.",
    'Unrecognized request argument supplied: max_tokens',
    'max_tokens is deprecated, use max_completion_tokens',
  ]) {
    it(`learns the newer name of a limit from: ${message}`, async () => {
      const { url: baseUrl, calls } = await serving(models('m'), refusesMaxTokens(message));
      assert.equal((await check({ baseUrl })).limitField, 'max_completion_tokens');
      const { max_tokens, max_completion_tokens } = JSON.parse(calls[2]!.body) as Record<string, unknown>;
      assert.deepEqual([max_tokens, max_completion_tokens], [undefined, 1]);
    });
  }

  it('leaves the limit out where the server requires a larger one', async () => {
    const { url: baseUrl, calls } = await serving(models('m'), ({ body }) =>
      /max_(completion_)?tokens/.test(body) ? json(400, { error: 'max_tokens must be at least 16' }) : GOOD,
    );
    const found = await check({ baseUrl });
    assert.deepEqual([found.limitField, calls.length], [undefined, 3]);
  });

  it('sends the query of a base URL with both requests, and hides it', async () => {
    const { url, calls } = await start(({ head, socket }) => {
      socket.write(head.startsWith('GET') ? json(400, { error: 'no' }) : GOOD);
    });
    const baseUrl = `${url}/v1?api-version=1&key=abcdefgh1`;
    await check({ baseUrl, model: 'm' });
    const paths = calls.map(({ head }) => head.split(' ')[1]);
    const query = '?api-version=1&key=abcdefgh1';
    assert.deepEqual(paths, [`/v1/models${query}`, `/v1/chat/completions${query}`]);
    await refuses(
      check({ baseUrl }),
      /^http:[^?]*\/v1\/models\?api-version=1&key=\*\*\* answers HTTP 400: no$/,
      /^if it requires a key, give --api-key; fix the server or the address/,
    );
  });

  it('sends the key with both requests', async () => {
    const { url: baseUrl, calls } = await serving(models('m'));
    await check({ baseUrl, apiKey: 'sk-12345678' });
    assert.equal(calls.filter(({ head }) => head.includes('authorization: Bearer sk-12345678\r\n')).length, 2);
  });

  for (const status of [401, 403]) {
    it(`names the key for ${status} of either request`, async () => {
      const refusal = json(status, { error: { message: 'wrong key sk-12345678' } });
      const listing = await serving(refusal);
      await refuses(check({ baseUrl: listing.url, apiKey: 'sk-12345678' }), /rejects the API key/, /OPENAI_API_KEY/);
      const answering = await serving(models('m'), refusal);
      await refuses(
        check({ baseUrl: answering.url, apiKey: 'sk-12345678' }),
        /rejects the API key.*wrong key \*\*\*$/,
        /OPENAI_API_KEY/,
      );
    });
  }

  it('reports an unreachable server', async () => {
    const server = await start(() => undefined);
    await server.close();
    await refuses(
      check({ baseUrl: server.url }),
      /cannot be reached: .*ECONNREFUSED/,
      /check that the server is running/,
    );
  });

  it('needs no list of models where a model is given, and only there', async () => {
    const { url: baseUrl } = await serving(plain(404, 'text/plain', 'Not Found'));
    assert.equal((await check({ baseUrl, model: 'mine' })).model, 'mine');
    await refuses(check({ baseUrl }), /\/v1\/models answers HTTP 404: there is no list of models/, /\/v1; .*--model/);
  });

  for (const [what, list] of [
    ['is empty', models()],
    ['has entries without an id', json(200, { data: [null, {}, { id: 7 }] })],
  ] as const) {
    it(`accepts a list that ${what} where a model is given, and only there`, async () => {
      const { url: baseUrl } = await serving(list);
      assert.equal((await check({ baseUrl, model: 'mine' })).model, 'mine');
      await refuses(check({ baseUrl }), /lists no model/, /--model/);
    });
  }

  for (const body of [{ data: {} }, { data: null }, [], null, 'models']) {
    it(`takes ${JSON.stringify(body)} for no list`, async () => {
      const { url: baseUrl } = await serving(json(200, body));
      assert.equal((await check({ baseUrl, model: 'mine' })).model, 'mine');
      await refuses(check({ baseUrl }), /has no list of models/, /--model/);
    });
  }

  it('fails for any other answer to the list', async () => {
    const { url: baseUrl } = await serving(json(500, { error: 'out of memory, sk-12345678' }));
    await refuses(
      check({ baseUrl, apiKey: 'sk-12345678' }),
      /answers HTTP 500: out of memory, \*\*\*$/,
      /--no-preflight/,
    );
  });

  it('fails where the probe gets no token', async () => {
    const { url: baseUrl } = await serving(models('m'), json(500, { error: 'out of memory' }));
    await refuses(
      check({ baseUrl }),
      /a small chat request to m failed \(http_status\): HTTP 500: out of memory$/,
      /--no-preflight/,
    );
  });

  it('accepts a token without text', async () => {
    const { url: baseUrl } = await serving(models('m'), STREAM + finish('length') + DONE + END);
    assert.equal((await check({ baseUrl })).model, 'm');
  });

  it('learns that a server rejects stream_options, or its field', async () => {
    for (const error of ['stream_options: unknown field', 'unknown field include_usage']) {
      const { url: baseUrl } = await serving(models('m'), ({ body }) =>
        body.includes('stream_options') ? json(400, { error }) : GOOD,
      );
      assert.equal((await check({ baseUrl })).askUsage, false);
    }
  });

  it('requests no token counts where they are disabled', async () => {
    const { url: baseUrl, calls } = await serving(models('m'));
    assert.equal((await check({ baseUrl, askUsage: false })).askUsage, false);
    assert.ok(!calls[1]!.body.includes('stream_options'));
  });

  it('names the option to set where the server lacks chat', async () => {
    const missing = json(404, { detail: 'Not Found' });
    const { url: baseUrl } = await serving(models('m'), missing);
    await refuses(
      check({ baseUrl }),
      /a small chat request to m failed \(http_status\): HTTP 404: Not Found$/,
      /^if the server has no \/v1\/chat\/completions, set options.protocol to complete, embed, .* or gemini$/,
    );
  });

  it('doubts the path of an address that does not end in /v1', async () => {
    const { url } = await serving(models('m'), json(404, { detail: 'Not Found' }));
    const hint =
      /^check the path of the address: most servers' ends in \/v1; if the server has no \/v2\/chat\/completions, set/;
    await refuses(check({ baseUrl: `${new URL(url).origin}/v2`, model: 'm' }), /HTTP 404: Not Found$/, hint);
  });

  it('recognises our simulator, which accepts any model', async () => {
    const simulator = await createSimulator();
    try {
      const found = await check({ baseUrl: simulator.url, model: 'sim-ttft5-itl1-len2' });
      assert.deepEqual([found.simulated, found.model], [true, 'sim-ttft5-itl1-len2']);
      assert.equal((await check({ baseUrl: simulator.url })).model, 'sim');
      await refuses(
        check({ baseUrl: simulator.url, model: 'qwen' }),
        /does not know the model qwen: HTTP 404/,
        /^use one of: sim$/,
      );
    } finally {
      await simulator.close();
    }
  });
});
