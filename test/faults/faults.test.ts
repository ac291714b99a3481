import assert from 'node:assert/strict';
import type { Exchange } from '../../engine/client/exchange.js';
import { figuresOf } from '../../engine/client/request-figures.js';
import { GOOD, listen, type MisbehavingServer } from '../support/misbehaving-server.js';
import { testClients } from '../support/test-client.js';
import type { Fault } from './fault.js';
import { FAULTS } from './table.js';

/** Model of a request that is answered well. */
const SOUND = 'a good answer';

function check(fault: Fault, exchange: Exchange): void {
  const { kind, says = /./, doubt, text = kind === 'success' ? 'Hello you' : undefined } = fault;
  const { failure } = exchange;
  assert.equal(failure?.kind ?? 'success', kind, failure?.message ?? exchange.text);
  if (failure) assert.match(failure.message, says);
  if (text !== undefined) assert.equal(exchange.text, text);
  if (kind === 'success') assert.equal(figuresOf(exchange).outputTokens, fault.tokens ?? 2);
  assert.equal(exchange.doubt, doubt);
}

describe('a fault', () => {
  const rows = new Map(Object.values(FAULTS).flatMap((table) => table.map((fault) => [fault.name, fault] as const)));
  const clientOf = testClients();
  let server: MisbehavingServer;

  before(async () => {
    server = await listen((call) => {
      const { model } = JSON.parse(call.body) as { model: string };
      const fault = rows.get(model);
      if (fault) fault.act(call);
      else call.socket.write(GOOD);
    });
  });

  after(() => server.close());

  for (const [theme, table] of Object.entries(FAULTS)) {
    describe(`of ${theme}`, () => {
      for (const fault of table) {
        it(`is ${fault.kind}, and leaves the next request alone: ${fault.name}`, async () => {
          const client = clientOf(server.url);
          const { name: model, timeouts } = fault;
          check(fault, await client.ask({ model, ...(timeouts && { timeouts }) }));
          const { failure, text, chunkTokens } = await client.ask({ model: SOUND });
          assert.deepEqual([failure, text, chunkTokens], [undefined, 'Hello you', [1, 1]]);
        });
      }
    });
  }

  it('has a name of its own', () => {
    const names = Object.values(FAULTS).flatMap((table) => table.map(({ name }) => name));
    assert.equal(new Set(names).size, names.length);
  });
});
