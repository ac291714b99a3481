import assert from 'node:assert/strict';
import type { TlsOptions } from 'node:tls';
import { checkTls, type TlsSettings } from '../../../../engine/client/transport/tls.js';
import { PLAIN, Transport } from '../../../../engine/client/transport/transport.js';
import { identity, pem } from '../../../support/certificates.js';
import { content, GOOD, misbehavingServers } from '../../../support/misbehaving-server.js';
import { testClients, until } from '../../../support/test-client.js';

const CA = pem('ca.pem');
const own = (tls: Partial<TlsSettings>) => ({ ...PLAIN, tls: { insecureSkipTLSVerify: false, ...tls } });

describe('a server behind TLS', () => {
  const start = misbehavingServers();
  const clientOf = testClients();

  /** The exchange with an https server of this identity. */
  async function asked(server: TlsOptions, settings: Partial<TlsSettings>, address = 'localhost') {
    const { port } = await start(({ socket }) => socket.write(GOOD), { tls: server });
    return clientOf(`https://${address}:${port}`, undefined, own(settings)).ask();
  }

  it('is believed by its authority, by name and by address', async () => {
    for (const address of ['localhost', '127.0.0.1']) {
      const { failure, text } = await asked(identity('server'), { ca: CA }, address);
      assert.deepEqual([failure, text], [undefined, 'Hello you']);
    }
  });

  it('is believed where its certificate trusts itself and is the authority that was given', async () => {
    assert.equal((await asked(identity('self-signed'), { ca: pem('self-signed.pem') })).failure, undefined);
  });

  it('is believed by a name that is given, and asked for it', async () => {
    const names: string[] = [];
    const server = {
      ...identity('elsewhere'),
      SNICallback: (name: string, done: (error: Error | null) => void) => {
        names.push(name);
        done(null);
      },
    };
    const { failure } = await asked(server, { ca: CA, serverName: 'vllm.example' }, '127.0.0.1');
    assert.equal(failure, undefined);
    assert.deepEqual(names, ['vllm.example']);
  });

  it('sees our certificate, and fails without one that it wants', async () => {
    const strict = { ...identity('server'), ca: CA, requestCert: true, rejectUnauthorized: true };
    const client = { cert: pem('client.pem'), key: pem('client-key.pem') };
    assert.equal((await asked(strict, { ca: CA, ...client })).failure, undefined);
    const locked = { ...client, key: pem('client-key-encrypted.pem'), passphrase: 'sesame' };
    assert.equal((await asked(strict, { ca: CA, ...locked })).failure, undefined);
    const stranger = { cert: pem('self-signed.pem'), key: pem('self-signed-key.pem') };
    const missing = (await asked(strict, { ca: CA })).failure;
    assert.equal(missing?.kind, 'connect');
    assert.match(missing.message, /^the server requires a client certificate \(/);
    assert.equal((await asked(strict, { ca: CA, ...stranger })).failure?.kind, 'connect');
    const { failure } = await asked({ ...strict, maxVersion: 'TLSv1.2' }, { ca: CA });
    assert.equal(failure?.kind, 'connect');
    assert.match(failure.message, /may require a client certificate/);
  });

  it('is timed as one in the clear: each step of the opening, and every event', async () => {
    const goOn: (() => void)[] = [];
    const { port } = await start(
      ({ socket }) => {
        socket.write(GOOD.slice(0, GOOD.indexOf(content('Hello'))));
        goOn.push(() => socket.write(GOOD.slice(GOOD.indexOf(content('Hello')))));
      },
      { tls: identity('server') },
    );
    const client = clientOf(`https://localhost:${port}`, undefined, own({ ca: CA }));
    const connection = client.connections.acquire();
    client.connections.release(connection);
    const asking = client.ask();
    await until(() => goOn.length === 1 && connection.reads.at > 0);
    goOn[0]?.();
    const { failure, sentAt, connectedAt, headersAt, chunkAt, bytesReceived } = await asking;
    assert.equal(failure, undefined);
    const { startedAt, lookedUpAt, connectedAt: tcp, securedAt } = connection.opening;
    const instants = [sentAt, startedAt, lookedUpAt, tcp, securedAt, connectedAt!, headersAt!, ...chunkAt];
    assert.deepEqual(
      instants.toSorted((a, b) => a - b),
      instants,
    );
    assert.ok(lookedUpAt > 0 && tcp < securedAt && headersAt! < chunkAt[0]!);
    assert.equal(bytesReceived, GOOD.length, 'bytes of HTTP, without those of TLS');
  });

  it('makes a full handshake for each socket, and one socket for requests one after the other', async () => {
    const { port, sockets } = await start(({ socket }) => socket.write(GOOD), { tls: identity('server') });
    const client = clientOf(`https://localhost:${port}`, undefined, own({ ca: CA }));
    await Promise.all([client.ask(), client.ask(), client.ask()]);
    await client.ask();
    assert.equal(sockets.length, 3);
    assert.ok(sockets.every((socket) => !(socket as { isSessionReused?: () => boolean }).isSessionReused?.()));
  });

  it('shares what was read of the files with every other server and user of the thread', () => {
    const transport = new Transport(own({ ca: CA }));
    const [first, again, other] = ['https://one', 'https://one', 'https://two'].map((url) => transport.routeTo(url));
    assert.equal(first, again);
    assert.ok(first?.tls?.secureContext);
    assert.equal(first.tls.secureContext, other?.tls?.secureContext);
  });

  it('is opened again where its socket has died while it was idle', async () => {
    const { port, sockets } = await start(({ socket }) => socket.write(GOOD), { tls: identity('server') });
    const client = clientOf(`https://localhost:${port}`, undefined, own({ ca: CA }));
    await client.ask();
    for (const socket of sockets) socket.destroy();
    assert.equal((await client.ask()).failure, undefined);
    assert.equal(sockets.length, 2);
  });
});

describe('what is given for TLS', () => {
  const client = identity('client');
  const table: readonly [string, Partial<TlsSettings>, readonly string[]][] = [
    ['nothing', {}, []],
    ['an authority', { ca: CA }, []],
    ['several authorities in one text', { ca: `# ours\n${CA}\n${pem('self-signed.pem')}` }, []],
    ['a certificate and its key', client, []],
    ['an encrypted key', { ...client, key: pem('client-key-encrypted.pem'), passphrase: 'sesame' }, []],
    ['an authority that is none', { ca: 'hello' }, ['ca: holds no certificate in PEM form']],
    ['an authority that is a key', { ca: client.key }, ['ca: holds no certificate in PEM form']],
    ['a damaged authority', { ca: CA.replace(/M/g, 'N') }, ['ca: holds a certificate that cannot be read']],
    ['a certificate without its key', { cert: client.cert }, ['key: is required with a client certificate']],
    ['a key without a certificate', { key: client.key }, ['cert: is required with a private key']],
    [
      'two that do not belong together',
      { cert: client.cert, key: pem('server-key.pem') },
      ['key: does not belong to the client certificate'],
    ],
    ['a key that is none', { cert: client.cert, key: client.cert }, ['key: holds no private key in PEM form']],
    [
      'an encrypted key alone',
      { ...client, key: pem('client-key-encrypted.pem') },
      ['passphrase: is required: the private key is encrypted'],
    ],
    [
      'a wrong passphrase',
      { ...client, key: pem('client-key-encrypted.pem'), passphrase: 'open' },
      ['passphrase: does not open the private key'],
    ],
    [
      'all sorts of mistakes',
      { ca: 'x', cert: 'y', key: 'z' },
      [
        'ca: holds no certificate in PEM form',
        'cert: holds no certificate in PEM form',
        'key: holds no private key in PEM form',
      ],
    ],
  ];
  for (const [what, settings, expected] of table) {
    it(`may be ${what}: ${expected.length === 0 ? 'fine' : 'refused'}`, () => {
      const complaints: string[] = [];
      checkTls({ insecureSkipTLSVerify: false, ...settings }, (field, message) =>
        complaints.push(`${field}: ${message}`),
      );
      assert.deepEqual(
        complaints.map((text) => text.replace(/ \(.*/, '')),
        expected,
      );
    });
  }
});
