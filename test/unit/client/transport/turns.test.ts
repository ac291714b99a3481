import assert from 'node:assert/strict';
import fc from 'fast-check';
import { inTurn, parseTargets } from '../../../../engine/client/target.js';

const several = (count: number) =>
  parseTargets(Array.from({ length: count }, (_, i) => ({ baseUrl: `http://host:${8000 + i}`, model: 'm' })));

describe('replicas in turn', () => {
  it('come in order, from the worker that asks, and again from the first', () => {
    const next = inTurn(several(3), 4);
    assert.deepEqual(
      Array.from({ length: 5 }, () => next()?.origin),
      [8001, 8002, 8000, 8001, 8002].map((port) => `http://host:${port}`),
    );
  });

  it('get even shares of the requests of each worker, and of what all workers ask once', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(60),
        (servers, workers, requests) => {
          const targets = several(servers);
          const firsts = new Map<string, number>();
          for (let worker = 0; worker < workers; worker += 1) {
            const next = inTurn(targets, worker);
            const counts = new Map<string, number>();
            for (let i = 0; i < requests; i += 1) {
              const origin = next()?.origin ?? '';
              counts.set(origin, (counts.get(origin) ?? 0) + 1);
              if (i === 0) firsts.set(origin, (firsts.get(origin) ?? 0) + 1);
            }
            isEven(counts, servers, requests);
          }
          if (requests > 0) isEven(firsts, servers, workers);
        },
      ),
    );
  });

  it('are undefined without a server', () => assert.equal(inTurn([], 3)(), undefined));

  it('hide the secrets of all', () => {
    const [first, second] = parseTargets([
      { baseUrl: 'http://a:open-sesame-1@one', model: 'm' },
      { baseUrl: 'http://b:mustard-seed-2@two', model: 'm' },
    ]);
    const text = 'open-sesame-1 and mustard-seed-2';
    assert.equal(first?.secrets.redact(text), '*** and ***');
    assert.equal(second?.secrets.redact(text), '*** and ***');
  });
});

function isEven(counts: ReadonlyMap<string, number>, servers: number, all: number): void {
  const shares = Array.from({ length: servers }, (_, i) => counts.get(`http://host:${8000 + i}`) ?? 0);
  assert.equal(
    shares.reduce((sum, share) => sum + share, 0),
    all,
  );
  assert.ok(Math.max(...shares) - Math.min(...shares) <= 1, shares.join());
}
