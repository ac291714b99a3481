import assert from 'node:assert/strict';
import type { Exchange } from '../../engine/client/exchange.js';
import { figuresOf } from '../../engine/client/request-figures.js';
import { PLAIN } from '../../engine/client/transport/transport.js';
import { pem } from '../support/certificates.js';
import { listenHttp2 } from '../support/http2-server.js';
import { listen } from '../support/misbehaving-server.js';
import { type TestClient, testClients } from '../support/test-client.js';
import type { FaultOf } from './fault.js';
import { HTTP2_FAULTS } from './http2.js';
import { listenOpening, OPENING_FAULTS } from './openings.js';
import { actorOf, FAULTS, SOUND } from './table.js';

type Expected = Omit<FaultOf<never>, 'act'>;

function check(expected: Expected, exchange: Exchange): void {
  const { kind, says = /./, doubt, text = kind === 'success' ? 'Hello you' : undefined } = expected;
  const { failure } = exchange;
  assert.equal(failure?.kind ?? 'success', kind, failure?.message ?? exchange.text);
  if (failure) assert.match(failure.message, says);
  if (text !== undefined) assert.equal(exchange.text, text);
  if (kind === 'success') assert.equal(figuresOf(exchange).outputTokens, expected.tokens ?? 2);
  assert.equal(exchange.doubt, doubt);
}

async function asked(client: TestClient, { name: model, timeouts }: Expected): Promise<Exchange> {
  return await client.ask({ model, ...(timeouts && { timeouts }) });
}

describe('a fault', () => {
  const clientOf = testClients();
  const closing: (() => unknown)[] = [];
  after(() => Promise.all(closing.map((close) => close())));

  for (const [theme, table] of Object.entries(FAULTS)) {
    describe(`of ${theme}`, () => {
      let url = '';
      before(async () => {
        const server = await listen(actorOf([SOUND, ...table]));
        closing.push(server.close);
        url = server.url;
      });

      for (const fault of table) {
        it(`is ${fault.kind}, and leaves the next request alone: ${fault.name}`, async () => {
          const client = clientOf(url);
          check(fault, await asked(client, fault));
          check(SOUND, await asked(client, SOUND));
        });
      }
    });
  }

  describe('of HTTP/2', () => {
    const settings = { ...PLAIN, http2: true, tls: { insecureSkipTLSVerify: false, ca: pem('ca.pem') } };
    const [sound = SOUND] = HTTP2_FAULTS;
    let url = '';
    before(async () => {
      const server = await listenHttp2(actorOf(HTTP2_FAULTS));
      closing.push(server.close);
      url = server.url;
    });

    for (const fault of HTTP2_FAULTS) {
      it(`is ${fault.kind}, and leaves the next request alone: ${fault.name}`, async () => {
        const client = clientOf(url, undefined, settings);
        check(fault, await asked(client, fault));
        check(sound, await asked(client, sound));
      });
    }
  });

  describe('of a port or a TLS handshake', () => {
    for (const fault of OPENING_FAULTS) {
      it(`is ${fault.kind}: ${fault.name}`, async () => {
        const { url, close } = await listenOpening(fault);
        closing.push(close);
        const settings = { ...PLAIN, tls: { insecureSkipTLSVerify: false, ...fault.tls } };
        for (let i = 0; i < 2; i += 1) check(fault, await asked(clientOf(url, undefined, settings), fault));
      });
    }
  });

  it('has a name of its own', () => {
    const all = [...Object.values(FAULTS).flat(), ...HTTP2_FAULTS, ...OPENING_FAULTS].map(({ name }) => name);
    assert.equal(new Set(all).size, all.length);
  });
});
