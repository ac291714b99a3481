import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Datasets, type Drawer } from '../../../engine/data/dataset.js';
import { type DrawCounts, drawsOf } from '../../../engine/data/draw-count.js';
import { salted } from '../../../engine/data/salt.js';
import { ExitCode, UserError } from '../../../engine/errors.js';
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

  it('take each record once in every lap, with one draw an iteration', () => {
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

  it('do not meet those of other iterations until a quarter of the records is drawn', () => {
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

  it('never give a user the same record for ever, when users and records are as many', () => {
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

  it('come in another order for another seed, which is not that of the file', () => {
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

  it('do not disturb those of its iterations', () => {
    let running: number | undefined;
    const data = new Datasets(1).open(numbers(9), {}, { ...OUTSIDE, scenario: 'a', iteration: () => running });
    data.row();
    data.row();
    running = 0;
    const [alone] = drawnBy(numbers(9), { iterations: 1, draws: 3, seed: 1 });
    assert.deepEqual([data.row().n, data.row().n, data.row().n], alone);
  });
});

describe('a data set', () => {
  it('has an order of its own, though another is as long', () => {
    const prompts = Array.from({ length: 40 }, (_, n) => `${n}\n`).join('');
    const paths = [write('one.txt', prompts), write('two.txt', prompts)];
    let running = 0;
    const datasets = new Datasets(1);
    const users = paths.map((path) => datasets.open(path, {}, { ...OUTSIDE, iteration: () => running }));
    const pairs = Array.from({ length: 80 }, (_, iteration) => {
      running = iteration;
      return users.map((user) => user.row().prompt).join();
    });
    assert.ok(new Set(pairs).size > 70, 'the pairs change from lap to lap');
  });

  it('knows its size and gives records as they are or as messages, each the next in turn', () => {
    const path = write('two.jsonl', '{"prompt":"a"}\n{"prompt":"b"}\n');
    const data = new Datasets(1).open(path, {}, OUTSIDE);
    assert.equal(data.size, 2);
    const [{ prompt }, [message]] = [data.row(), data.next()];
    assert.deepEqual([prompt, message?.content].toSorted(), ['a', 'b']);
    assert.equal(message?.role, 'user');
  });

  it('is read once for all users of a thread', () => {
    const path = write('once.jsonl', '{"prompt":"before"}\n');
    const datasets = new Datasets(1);
    datasets.open(path, {}, { ...OUTSIDE, vus: 2 });
    write('once.jsonl', '{"prompt":"after"}\n');
    assert.deepEqual(datasets.open(path, {}, { ...OUTSIDE, vu: 1, vus: 2 }).row(), { prompt: 'before' });
  });

  it('names the record of which no messages can be made', () => {
    const path = write('odd.jsonl', '{"text":"a"}\n');
    const data = new Datasets(1).open(path, {}, OUTSIDE);
    assert.throws(
      () => data.next(),
      (error) =>
        error instanceof UserError &&
        error.where === `${path}:1` &&
        error.exitCode === ExitCode.scriptException &&
        error.message.startsWith('the record has no messages') &&
        /row\(\)/.test(error.hint ?? ''),
    );
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

  it('is so many rows, each drawn once before any comes again', () => {
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

  it('is the same for the same seed, another for another, and not the first rows of the file', () => {
    const chosen = (seed: number) => sampled(60, 10, seed, 10).drawn.toSorted((a, b) => a - b);
    assert.deepEqual(chosen(1), chosen(1));
    assert.notDeepEqual(chosen(1), chosen(2));
    assert.ok(Math.max(...chosen(1)) > 20);
  });
});

describe('a draw', () => {
  const answers = () =>
    write('answers.jsonl', '{"prompt":"a","output_tokens":7}\n{"prompt":"b","output":"12345678"}\n{"prompt":"c"}\n');

  it('gives messages with the length of the answer, where it is known', () => {
    const data = new Datasets(1).open(answers(), {}, OUTSIDE);
    const drawn = [data.draw(), data.draw(), data.draw()].map(({ messages, maxTokens }) => [
      messages[0]?.content,
      maxTokens,
    ]);
    assert.deepEqual(drawn.toSorted(), [
      ['a', 7],
      ['b', 2],
      ['c', undefined],
    ]);
  });

  it('is counted, with what it repeats, for all threads together', () => {
    const main = new Datasets(0);
    main.open(answers(), {}, OUTSIDE);
    const shared = main.share(5);
    const [one, two] = [0, 1].map((vu) => {
      return new Datasets(5, { known: shared }).open(answers(), {}, { ...OUTSIDE, vu, vus: 2 });
    });
    one?.row();
    assert.deepEqual(drawsOf(shared.map(({ counts }) => counts)), { draws: 1, distinct: 1 });
    two?.next();
    two?.draw();
    one?.row();
    assert.deepEqual(drawsOf(shared.map(({ counts }) => counts)), { draws: 4, distinct: 3 });
    assert.deepEqual(drawsOf(main.share(5).map(({ counts }) => counts)), { draws: 0, distinct: 0 });
  });

  it('is counted together where threads have read the file for themselves', () => {
    const counts: DrawCounts[] = [];
    const onRead = (dataset: { readonly counts: DrawCounts }) => counts.push(dataset.counts);
    const users = [0, 1].map((vu) => {
      return new Datasets(5, { onRead }).open(numbers(50), {}, { ...OUTSIDE, vu, vus: 2 });
    });
    for (let draws = 0; draws < 30; draws += 1) for (const user of users) user.row();
    assert.deepEqual(drawsOf(counts), { draws: 60, distinct: 50 });
  });
});

describe('a salt', () => {
  const texts = (path: string, datasets: Datasets, vus: number, draws: number) => {
    const users = Array.from({ length: vus }, (_, vu) =>
      datasets.open(path, { cacheSalt: true }, { ...OUTSIDE, vu, vus }),
    );
    return Array.from({ length: draws }, () => users.map((user) => String(user.next()[0]?.content))).flat();
  };

  it('stands at the very beginning of each prompt, is 14 letters long and no other', () => {
    const drawn = texts(write('salted.jsonl', '{"prompt":"why?"}\n'), new Datasets(1), 50, 40);
    const salts = drawn.map((text) => /^([0-9a-z]{14})\nwhy\?$/.exec(text)?.[1] ?? text);
    assert.equal(new Set(salts).size, 2000);
    // Two prompts do not even begin alike.
    assert.ok(new Set(salts.map((salt) => salt.slice(0, 5))).size > 1900);
  });

  it('is another in the next run, though the seed is the same', () => {
    const path = numbers(3);
    assert.notDeepEqual(texts(path, new Datasets(1), 1, 1), texts(path, new Datasets(1), 1, 1));
  });

  it('comes before a system message, and before the parts of one that has parts', () => {
    const parts = [{ type: 'text', text: 'a' }];
    assert.deepEqual(
      salted(
        [
          { role: 'system', content: 'a' },
          { role: 'user', content: 'b' },
        ],
        'salt',
      ),
      [
        { role: 'system', content: 'salt\na' },
        { role: 'user', content: 'b' },
      ],
    );
    assert.deepEqual(salted([{ role: 'user', content: parts }], 'salt'), [
      { role: 'user', content: [{ type: 'text', text: 'salt\n' }, ...parts] },
    ]);
  });

  it('begins the first turn of a conversation alone', () => {
    const said = { conversations: ['a', 'b'].map((value) => ({ from: 'human', value })) };
    const data = new Datasets(1).open(write('turns.jsonl', JSON.stringify(said)), { cacheSalt: true }, OUTSIDE);
    const [first = '', second] = data.turns();
    assert.match(first, /^[0-9a-z]{14}\na$/);
    assert.equal(second, 'b');
  });

  it('begins the system message of a talk, where there is one', () => {
    const talk = (system: object) => {
      const said = { conversations: ['a', 'b'].map((value) => ({ from: 'human', value })), ...system };
      const path = write(`talk-${Object.keys(system).length}.jsonl`, JSON.stringify(said));
      return new Datasets(1).open(path, { cacheSalt: true }, OUTSIDE).talk();
    };
    const { system = '', turns } = talk({ system: 'Be brief.' });
    assert.match(system, /^[0-9a-z]{14}\nBe brief\.$/);
    assert.deepEqual(turns, ['a', 'b']);
    const plain = talk({});
    assert.equal(plain.system, undefined);
    assert.match(plain.turns[0] ?? '', /^[0-9a-z]{14}\na$/);
  });

  it('is not in a row as it stands in the file', () => {
    const data = new Datasets(1).open(numbers(1), { cacheSalt: true }, OUTSIDE);
    assert.deepEqual(data.row(), { n: 0, prompt: 'p0' });
  });
});

describe('the tokenizer of a data set', () => {
  it('is doubted where some texts are other tokens for it', () => {
    const doubtful = { model: { type: 'BPE', vocab: { a: 0 }, merges: [], unk_token: null } };
    const tokenizer = write('doubtful.json', JSON.stringify(doubtful));
    const datasets = new Datasets(1);
    datasets.open(write('one.jsonl', '{"prompt":"a"}'), { tokenizer }, OUTSIDE);
    assert.deepEqual(
      [...datasets.doubts],
      [
        `${tokenizer}: its BPE knows no bytes: characters beyond its vocabulary may count otherwise; docs/tokens.md says what is exact`,
      ],
    );
  });
});
