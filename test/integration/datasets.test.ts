import assert from 'node:assert/strict';
import { UserError } from '../../engine/errors.js';
import { openTokenizer } from '../../engine/tokens/tokenizer.js';
import { testFolder } from '../support/folder.js';
import { runToEnd, settings } from '../support/run.js';
import { forkSimulator } from '../support/simulator.js';
import { tokenizerPath } from '../support/tokenizers.js';
import { VirtualTime } from '../support/virtual-time.js';

describe('data sets of a run', () => {
  const folder = testFolder();
  const time = new VirtualTime();
  folder.write(
    'a.jsonl',
    Array.from({ length: 20 }, (_, n) => `{"prompt":"a${n}","output_tokens":${n + 1}}\n`).join(''),
  );
  folder.write('b.txt', Array.from({ length: 20 }, (_, n) => `b${n}\n`).join(''));
  const scenario = (name: string, top: string, body: string, more = '') =>
    folder.write(
      name,
      `import { check, dataset } from 'tokenswarm';
       export const options = { scenarios: { all: { executor: 'shared-iterations', vus: 4, iterations: 50 } } };
       ${top}
       export default function () { ${body} }
       ${more}`,
    );

  it('are told in the record: what all workers drew together, and how much of it repeated', async () => {
    const file = scenario(
      'told.ts',
      `const a = dataset('./a.jsonl', { sample: 12 });
       const b = dataset('./b.txt', { cacheSalt: true });
       dataset('./a.jsonl', { format: 'vllm' });`,
      `const { messages, maxTokens } = a.draw();
       check(messages, {
         'its own answer': ([{ content }]) => content === 'a' + (maxTokens - 1),
         salted: /^[0-9a-z]{14}\\nb\\d+$/.test(b.next()[0].content),
         size: a.size === 12 && b.size === 20,
       });`,
    );
    const { datasets, checks, errors } = await time.runToEnd(file, settings(undefined, { workers: 2 }));
    assert.deepEqual(errors, []);
    assert.deepEqual(
      checks.map(({ passes, fails }) => [passes, fails]),
      [
        [50, 0],
        [50, 0],
        [50, 0],
      ],
    );
    assert.deepEqual(
      datasets?.map(({ file, ...use }) => ({ file: file.replace(/.*\//, ''), ...use })),
      [
        { file: 'a.jsonl', rows: 20, draws: 50, distinct: 12, repeats: 38, salted: false },
        { file: 'b.txt', rows: 20, draws: 50, distinct: 20, repeats: 30, salted: true },
      ],
    );
  });

  it('are recorded also where only some users open them, and not where no user draws', async () => {
    const mine = scenario('mine.ts', `const mine = __VU > 0 ? dataset('./b.txt') : undefined;`, 'mine.row();');
    const { datasets = [] } = await time.runToEnd(mine, settings(undefined, { workers: 2 }));
    assert.deepEqual(
      datasets.map(({ draws, distinct }) => [draws, distinct]),
      [[50, 20]],
    );
    const none = scenario('none.ts', `dataset('./b.txt');`, '');
    assert.equal((await time.runToEnd(none, settings(undefined, { workers: 1 }))).datasets, undefined);
  });

  it('are warned of where rows are left out, once, though only some users open them', async () => {
    folder.write(
      'silent.json',
      JSON.stringify(['gpt', 'human'].map((from) => ({ conversations: [{ from, value: 'hi' }] }))),
    );
    const file = scenario(
      'silent.ts',
      `const talks = __VU > 0 ? dataset('./silent.json') : undefined;`,
      'talks.row();',
    );
    const { warnings } = await time.runToEnd(file, settings(undefined, { workers: 2 }));
    const told = warnings.filter((text) => text.includes('left out'));
    assert.deepEqual(told.length, 1, warnings.join('\n'));
    assert.match(told[0] ?? '', /^silent\.json: 1 of 2 conversations/);
  });

  it('end the run at an invalid row, and name its line', async () => {
    folder.write('wrong.jsonl', '{"instruction":"a"}\n{"instruction":5}\n');
    const file = scenario('wrong.ts', `const wrong = dataset('./wrong.jsonl');`, 'wrong.next();');
    const { run } = await time.runToEnd(file, settings(undefined, { workers: 1 }));
    assert.deepEqual([run.outcome, run.exitCode], ['failed', 107]);
    assert.match(run.reason ?? '', /wrong\.jsonl:2: "instruction": expected a text, got 5; use row\(\)/);
  });

  it('are counted by a tokenizer, where one is named', async () => {
    const texts = ['hello world, hello again', '人工智能', 'x'];
    folder.write('counted.jsonl', texts.map((text) => JSON.stringify({ prompt: text, output: text })).join('\n'));
    const path = tokenizerPath('byte-level');
    const lengths = texts.map(openTokenizer(path).count);
    const file = scenario(
      'counted.ts',
      `const lengths = ${JSON.stringify(Object.fromEntries(texts.map((text, index) => [text, lengths[index]])))};
       const all = dataset('./counted.jsonl', { tokenizer: ${JSON.stringify(path)} });
       const some = dataset('./counted.jsonl', { tokenizer: ${JSON.stringify(path)}, filter: { minTokens: 2 } });`,
      `const { messages: [{ content }], maxTokens } = all.draw();
       check(maxTokens, { exact: (tokens) => tokens === lengths[content], filtered: some.size === 2 });`,
    );
    const { checks, errors } = await time.runToEnd(file, settings(undefined, { workers: 1 }));
    assert.deepEqual(errors, []);
    assert.deepEqual([lengths[2], checks.map(({ fails }) => fails)], [1, [0, 0]]);
    assert.ok(lengths[1]! > 3, 'not what is estimated');
  });

  it('have salts that keep a prefix cache from knowing any prompt', async () => {
    const simulator = await forkSimulator('--card', 'h800', '--model-arch', 'qwen2.5-7b');
    try {
      const hits = async () => {
        const metrics = await (await fetch(`${simulator.url}/metrics`)).text();
        return Number(/^vllm:prefix_cache_hits_total\{.*\} (\d+)/m.exec(metrics)?.[1]);
      };
      folder.write('long.txt', `${'你好'.repeat(100)}\n`);
      const asking = (cacheSalt: boolean) =>
        folder.write(
          `salt-${cacheSalt}.ts`,
          `import { chat, dataset } from 'tokenswarm';
           export const options = { scenarios: { all: { executor: 'shared-iterations', vus: 1, iterations: 10 } } };
           const data = dataset('./long.txt', { cacheSalt: ${cacheSalt} });
           export default async function () { await chat({ messages: data.next(), maxTokens: 1 }); }`,
        );
      const found: number[] = [];
      for (const salted of [true, false]) {
        const { failures } = await runToEnd(
          asking(salted),
          settings(`${simulator.url}/v1`, { workers: 1 }, 'Qwen2.5-7B'),
        );
        assert.deepEqual(failures, []);
        found.push(await hits());
      }
      const [withSalt, without = 0] = found;
      assert.equal(withSalt, 0);
      assert.ok(without > 9 * 100, String(without));
    } finally {
      simulator.stop();
    }
  });

  it('may be so large that the file has to be evaluated again when they have been read', async () => {
    folder.write('large.jsonl', `${' '.repeat(65 * 2 ** 20)}\n{"prompt":"a"}\n`);
    const file = scenario('large.ts', `const large = dataset('./large.jsonl');`, 'large.next();');
    const { datasets, errors } = await time.runToEnd(file, settings(undefined, { workers: 1 }));
    assert.deepEqual(errors, []);
    assert.equal(datasets?.[0]?.draws, 50);
    const some = scenario('some.ts', `const large = __VU > 0 ? dataset('./large.jsonl') : undefined;`, 'large.next();');
    await assert.rejects(time.runToEnd(some, settings(undefined, { workers: 1 })), (error) => {
      assert.ok(error instanceof UserError, String(error));
      assert.equal(error.message, 'a data set of 65 MiB that only some users open cannot be read');
      return true;
    });
  });

  const refused: readonly [string, string][] = [
    [`dataset(7)`, 'dataset: expected a path, got 7'],
    [`dataset('./a.jsonl', 'vllm')`, 'dataset: expected an object such as { format: …, encoding: … }, got "vllm"'],
    [`dataset('./a.jsonl', { samples: 3 })`, 'dataset does not know the field samples; did you mean "sample"?'],
    [
      `dataset('./a.jsonl', { format: 'alpacca' })`,
      'dataset: there is no format "alpacca"; did you mean "alpaca"?; there are openai, vllm, alpaca, sharegpt, csv, tsv, text',
    ],
    [`dataset('./a.jsonl', { sample: 0 })`, 'dataset: sample: expected a whole number from 1, got 0'],
    [`dataset('./a.jsonl', { cacheSalt: 1 })`, 'dataset: cacheSalt: expected true or false, got 1'],
    [`dataset('./a.jsonl', { tokenizer: 3 })`, 'dataset: tokenizer: expected a path, got 3'],
    [
      `dataset('./a.jsonl', { filter: 3 })`,
      "dataset's filter: expected an object such as { minTokens: …, maxTokens: … }, got 3",
    ],
    [
      `dataset('./a.jsonl', { filter: { max: 3 } })`,
      "dataset's filter does not know the field max: it takes minTokens, maxTokens",
    ],
    [
      `dataset('./a.jsonl', { filter: { minTokens: -1 } })`,
      'dataset: filter.minTokens: expected a whole number from 0, got -1',
    ],
    [
      `dataset('./a.jsonl', { filter: { minTokens: 9, maxTokens: 8 } })`,
      'dataset: filter.minTokens is larger than filter.maxTokens',
    ],
    [
      `dataset('./a.jsonl', { format: 'alpaca' })`,
      'not a record of the format "alpaca": "instruction" is missing; it has prompt, output_tokens',
    ],
  ];
  for (const [top, message] of refused) {
    it(`are refused before any load: ${message}`, async () => {
      const file = scenario('refused.ts', `${top};`, '');
      await assert.rejects(time.runToEnd(file, settings(undefined)), (error) => {
        assert.ok(error instanceof UserError, String(error));
        assert.deepEqual([error.message, error.exitCode], [message, message.startsWith('dataset') ? 107 : 104]);
        return true;
      });
    });
  }
});
