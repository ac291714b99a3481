import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Datasets, type Drawer } from '../../../engine/data/dataset.js';
import { dataFolder } from './data-folder.js';

/** A user that is in no iteration. */
const OUTSIDE: Drawer = { vu: 0, vus: 1, scenario: '', iteration: () => undefined };

const write = dataFolder();

/** A file whose records are the numbers from 0. */
function numbers(rows: number): string {
  const lines = Array.from({ length: rows }, (_, n) => `{"n":${n},"prompt":"p${n}"}\n`);
  return write(`${rows}.jsonl`, lines.join(''));
}

/** The worker that runs an iteration. */
type Dealing = (iteration: number, workers: number) => number;

/**
 * Records drawn by each iteration, from 0, on several workers. Each worker has its own copy of the data set, and one
 * user that takes the worker's iterations as they come.
 */
function drawnBy(
  path: string,
  given: { iterations: number; draws: number; seed: number; workers?: number; scenario?: string; dealing?: Dealing },
): number[][] {
  const {
    iterations,
    draws,
    seed,
    workers = 1,
    scenario = 'a',
    dealing = (iteration, count) => iteration % count,
  } = given;
  let running = 0;
  const users = Array.from({ length: workers }, (_, vu) => {
    return new Datasets(seed).open(path, {}, { vu, vus: workers, scenario, iteration: () => running });
  });
  return Array.from({ length: iterations }, (_, iteration) => {
    running = iteration;
    const user = users[dealing(iteration, workers)]!;
    return Array.from({ length: draws }, () => user.row().n as number);
  });
}

describe('the draws of iterations', () => {
  const sizes = fc.record({ rows: fc.integer({ min: 1, max: 60 }), seed: fc.nat() });

  it('take each record once a lap, with one draw an iteration', () => {
    fc.assert(
      fc.property(sizes, ({ rows, seed }) => {
        const drawn = drawnBy(numbers(rows), { iterations: 4 * rows, draws: 1, seed }).flat();
        for (let lap = 0; lap < 4; lap += 1) {
          assert.equal(new Set(drawn.slice(lap * rows, (lap + 1) * rows)).size, rows);
        }
      }),
    );
  });

  it('take each record once in one iteration that draws them all', () => {
    fc.assert(
      fc.property(sizes, ({ rows, seed }) => {
        for (const drawn of drawnBy(numbers(rows), { iterations: 3, draws: rows, seed })) {
          assert.equal(new Set(drawn).size, rows);
        }
      }),
    );
  });

  it('differ from those of other iterations for a quarter of the records', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 400 }), fc.integer({ min: 2, max: 20 }), fc.nat(), (rows, draws, seed) => {
        const iterations = Math.floor(rows / draws / 4);
        const drawn = drawnBy(numbers(rows), { iterations, draws, seed }).flat();
        assert.equal(new Set(drawn).size, iterations * draws);
      }),
    );
  });

  it('are the same however many workers there are, and whoever of them runs which iteration', () => {
    fc.assert(
      fc.property(
        sizes,
        fc.integer({ min: 2, max: 9 }),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(),
        ({ rows, seed }, ...more) => {
          const [workers, draws, chance] = more;
          const given = { iterations: 30, draws, seed };
          const anyhow: Dealing = (iteration) => (Math.imul(iteration + chance, 2654435761) >>> 5) % workers;
          const alone = drawnBy(numbers(rows), given);
          assert.deepEqual(drawnBy(numbers(rows), { ...given, workers }), alone);
          assert.deepEqual(drawnBy(numbers(rows), { ...given, workers, dealing: anyhow }), alone);
        },
      ),
    );
  });

  it('do not give a user the same record again and again where users and records are as many', () => {
    for (const [users, least] of [
      [10, 7],
      [20, 7],
      [100, 7],
    ] as const) {
      // User 0 of a number of users that take iterations in turn.
      const drawn = drawnBy(numbers(10), { iterations: 40 * users, draws: 1, seed: 1 }).flat();
      const mine = drawn.filter((_, iteration) => iteration % users === 0);
      assert.ok(new Set(mine).size >= least, mine.join());
    }
  });

  it('differ between scenarios', () => {
    const draws = (scenario: string) => drawnBy(numbers(60), { iterations: 60, draws: 1, seed: 1, scenario }).flat();
    const [one, two] = [draws('one'), draws('two')];
    assert.ok(one.every((row, iteration) => row !== two[iteration]));
    assert.deepEqual(one.toSorted(), two.toSorted());
  });

  it('have an order of their own for each seed', () => {
    const draws = (seed: number) => drawnBy(numbers(40), { iterations: 40, draws: 1, seed }).flat();
    assert.notDeepEqual(draws(1), draws(2));
    assert.notDeepEqual(
      draws(1),
      draws(1).toSorted((a, b) => a - b),
    );
  });
});

describe('the draws of users outside of iterations', () => {
  it('take, all users together, each record once in every lap', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 100 }), fc.nat(), (rows, vus, seed) => {
        const datasets = new Datasets(seed);
        const file = numbers(rows);
        const users = Array.from({ length: vus }, (_, vu) => datasets.open(file, {}, { ...OUTSIDE, vu, vus }));
        const rounds = Math.ceil((3 * rows) / vus);
        const drawn = Array.from({ length: rounds }, () => users.map((user) => user.row().n as number)).flat();
        for (let lap = 0; lap < 3; lap += 1) {
          assert.equal(new Set(drawn.slice(lap * rows, (lap + 1) * rows)).size, rows);
        }
      }),
    );
  });

  it('do not change those of its iterations', () => {
    let running: number | undefined;
    const data = new Datasets(1).open(numbers(9), {}, { ...OUTSIDE, scenario: 'a', iteration: () => running });
    data.row();
    data.row();
    running = 0;
    const [alone] = drawnBy(numbers(9), { iterations: 1, draws: 3, seed: 1 });
    assert.deepEqual([data.row().n, data.row().n, data.row().n], alone);
  });
});

describe('a sample', () => {
  const sampled = (rows: number, sample: number, seed: number, iterations: number) => {
    let running = 0;
    const data = new Datasets(seed).open(numbers(rows), { sample }, { ...OUTSIDE, iteration: () => running });
    const drawn = Array.from({ length: iterations }, (_, iteration) => {
      running = iteration;
      return data.row().n as number;
    });
    return { size: data.size, drawn };
  };

  it('has the wanted number of rows, each drawn once before any repeats', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 70 }), fc.nat(), (rows, sample, seed) => {
        const { size, drawn } = sampled(rows, sample, seed, 3 * sample);
        assert.equal(size, Math.min(rows, sample));
        for (let lap = 0; lap < 3; lap += 1) {
          assert.equal(new Set(drawn.slice(lap * size, (lap + 1) * size)).size, size);
        }
        assert.equal(new Set(drawn).size, size);
      }),
    );
  });

  it('depends on the seed, and is not the first rows', () => {
    const chosen = (seed: number) => sampled(60, 10, seed, 10).drawn.toSorted((a, b) => a - b);
    assert.deepEqual(chosen(1), chosen(1));
    assert.notDeepEqual(chosen(1), chosen(2));
    assert.ok(Math.max(...chosen(1)) > 20);
  });
});
