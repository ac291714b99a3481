import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Datasets } from '../../../engine/data/dataset.js';
import { ExitCode, UserError } from '../../../engine/errors.js';
import { dataFolder } from './data-folder.js';

describe('the draws of a data set', () => {
  const write = dataFolder();

  /** A file whose records are the numbers from 0. */
  function numbers(rows: number): string {
    const lines = Array.from({ length: rows }, (_, n) => `{"n":${n},"prompt":"p${n}"}\n`);
    return write(`${rows}.jsonl`, lines.join(''));
  }

  /** The records that each user draws, user by user. */
  function drawn(path: string, vus: number, draws: number, seed: number): readonly (readonly number[])[] {
    const datasets = new Datasets(seed);
    return Array.from({ length: vus }, (_, vu) => {
      const data = datasets.open(path, { vu, vus });
      return Array.from({ length: draws }, () => data.row().n as number);
    });
  }

  const sizes = fc.record({
    rows: fc.integer({ min: 1, max: 40 }),
    vus: fc.integer({ min: 1, max: 100 }),
    seed: fc.nat(),
  });

  it('over all users, take each record once in every lap', () => {
    fc.assert(
      fc.property(sizes, ({ rows, vus, seed }) => {
        const laps = 4;
        const byUser = drawn(numbers(rows), vus, Math.ceil((laps * rows) / vus), seed);
        // All users draw in turn: the first of each, then the second of each.
        const inTurn = byUser[0]!.flatMap((_, draw) => byUser.map((user) => user[draw]!));
        for (let lap = 0; lap < laps; lap += 1) {
          const records = inTurn.slice(lap * rows, (lap + 1) * rows);
          assert.equal(new Set(records).size, rows);
        }
      }),
    );
  });

  it('over all users, are distinct until too few are left for everyone', () => {
    fc.assert(
      fc.property(sizes, ({ rows, vus, seed }) => {
        const rounds = Math.floor(rows / vus);
        const all = drawn(numbers(rows), vus, rounds, seed).flat();
        assert.equal(new Set(all).size, rounds * vus);
      }),
    );
  });

  it('never give a user the same record for ever, however many users there are', () => {
    fc.assert(
      fc.property(sizes, ({ rows, vus, seed }) => {
        fc.pre(rows > 1);
        for (const user of drawn(numbers(rows), vus, 40, seed)) assert.ok(new Set(user).size > 1);
      }),
    );
  });

  for (const [vus, what] of [
    [10, 'as many users as records'],
    [9, 'one user less than records'],
    [18, 'twice one user less than records'],
    [20, 'twice as many users'],
    [100, 'as many users as records squared'],
  ] as const) {
    it(`give a user most of the records in 40 draws, with ${what}`, () => {
      for (const user of drawn(numbers(10), vus, 40, 1)) assert.ok(new Set(user).size >= 7, user.join());
    });
  }

  it('come in the same order for the same seed, in whichever thread a user runs', () => {
    fc.assert(
      fc.property(sizes, ({ rows, vus, seed }) => {
        const path = numbers(rows);
        const last = new Datasets(seed).open(path, { vu: vus - 1, vus });
        const draws = Array.from({ length: 5 }, () => last.row().n as number);
        assert.deepEqual(draws, drawn(path, vus, 5, seed).at(-1));
      }),
    );
  });

  it('come in another order for another seed, which is not that of the file', () => {
    const path = numbers(40);
    const [one, two] = [drawn(path, 1, 40, 1), drawn(path, 1, 40, 2)];
    assert.notDeepEqual(one, two);
    assert.notDeepEqual(
      one[0],
      one[0]?.toSorted((a, b) => a - b),
    );
  });
});

describe('a data set', () => {
  const write = dataFolder();

  it('knows its size and gives records as they are or as messages, each the next in turn', () => {
    const path = write('two.jsonl', '{"prompt":"a"}\n{"prompt":"b"}\n');
    const data = new Datasets(1).open(path, { vu: 0, vus: 1 });
    assert.equal(data.size, 2);
    const [{ prompt }, [message]] = [data.row(), data.next()];
    assert.deepEqual([prompt, message?.content].toSorted(), ['a', 'b']);
    assert.equal(message?.role, 'user');
  });

  it('is read once for all users of a thread', () => {
    const path = write('once.jsonl', '{"prompt":"before"}\n');
    const datasets = new Datasets(1);
    datasets.open(path, { vu: 0, vus: 2 });
    write('once.jsonl', '{"prompt":"after"}\n');
    assert.deepEqual(datasets.open(path, { vu: 1, vus: 2 }).row(), { prompt: 'before' });
  });

  it('names the record of which no messages can be made', () => {
    const path = write('odd.jsonl', '{"text":"a"}\n');
    const data = new Datasets(1).open(path, { vu: 0, vus: 1 });
    assert.throws(
      () => data.next(),
      (error) =>
        error instanceof UserError &&
        error.where === path &&
        error.exitCode === ExitCode.scriptException &&
        error.message.startsWith('record 1 has no messages') &&
        /row\(\)/.test(error.hint ?? ''),
    );
  });
});
