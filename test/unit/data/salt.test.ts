import assert from 'node:assert/strict';
import { Datasets, type Drawer } from '../../../engine/data/dataset.js';
import { salted } from '../../../engine/data/salt.js';
import { dataFolder } from './data-folder.js';

/** A user that is in no iteration. */
const OUTSIDE: Drawer = { vu: 0, vus: 1, scenario: '', iteration: () => undefined };

const write = dataFolder();

/** A file whose records are the numbers from 0. */
function numbers(rows: number): string {
  const lines = Array.from({ length: rows }, (_, n) => `{"n":${n},"prompt":"p${n}"}\n`);
  return write(`${rows}.jsonl`, lines.join(''));
}

describe('a salt', () => {
  const texts = (path: string, datasets: Datasets, vus: number, draws: number) => {
    const users = Array.from({ length: vus }, (_, vu) =>
      datasets.open(path, { cacheSalt: true }, { ...OUTSIDE, vu, vus }),
    );
    return Array.from({ length: draws }, () => users.map((user) => String(user.next()[0]?.content))).flat();
  };

  it('begins each prompt, has 14 letters and is unique', () => {
    const drawn = texts(write('salted.jsonl', '{"prompt":"why?"}\n'), new Datasets(1), 50, 40);
    const salts = drawn.map((text) => /^([0-9a-z]{14})\nwhy\?$/.exec(text)?.[1] ?? text);
    assert.equal(new Set(salts).size, 2000);
    // Two prompts do not even begin alike.
    assert.ok(new Set(salts.map((salt) => salt.slice(0, 5))).size > 1900);
  });

  it('differs between runs with one seed', () => {
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

  it('is not in the row of the file', () => {
    const data = new Datasets(1).open(numbers(1), { cacheSalt: true }, OUTSIDE);
    assert.deepEqual(data.row(), { n: 0, prompt: 'p0' });
  });
});
