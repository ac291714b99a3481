import assert from 'node:assert/strict';
import { Datasets, type Drawer } from '../../../engine/data/dataset.js';
import { type DrawCounts, drawsOf } from '../../../engine/data/draw-count.js';
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

describe('a data set', () => {
  it('has an order of its own, also beside another of its length', () => {
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

  it('has a size, and gives the next record as it is or as messages', () => {
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

  it('names a record without messages', () => {
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

  it('is counted together where each thread has read the file', () => {
    const counts: DrawCounts[] = [];
    const onRead = (dataset: { readonly counts: DrawCounts }) => counts.push(dataset.counts);
    const users = [0, 1].map((vu) => {
      return new Datasets(5, { onRead }).open(numbers(50), {}, { ...OUTSIDE, vu, vus: 2 });
    });
    for (let draws = 0; draws < 30; draws += 1) for (const user of users) user.row();
    assert.deepEqual(drawsOf(counts), { draws: 60, distinct: 50 });
  });
});

describe('the tokenizer of a data set', () => {
  it('has a warning where it counts some texts otherwise', () => {
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
