import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { blocks } from '../support/page.js';
import { forkSimulator } from '../support/simulator.js';
import { tokenizerPath } from '../support/tokenizers.js';

describe('tokenswarm tokens', () => {
  const folder = testFolder();
  const at = (name: string) => join(folder.path, name);

  before(() => {
    for (const [name, kind] of [
      ['qwen', 'byte-level'],
      ['llama', 'sentence-piece'],
    ] as const) {
      mkdirSync(at(name));
      copyFileSync(tokenizerPath(kind), at(`${name}/tokenizer.json`));
    }
    copyFileSync(join(ROOT, 'scenarios/data/prompts.zh.jsonl'), at('prompts.jsonl'));
    folder.write('article.txt', '人工智能（AI）正在改变软件开发。\nIt changes how software is made.\n');
  });

  it('works as docs/tokens.md shows it', async () => {
    const commands = blocks('docs/tokens.md', 'sh').flatMap((block) => block.trim().split('\n'));
    const ours = commands.filter((command) => command.startsWith('tokenswarm tokens '));
    assert.equal(ours.length, 2);
    for (const command of ours) {
      const { code, stdout, stderr } = await tokenswarm(command.split(' ').slice(1), { cwd: folder.path });
      assert.deepEqual([code, stderr], [0, ''], command);
      assert.match(stdout, /^ {4}tokenizer +tokens +chars\/token +Chinese +other +against first$/m);
      assert.match(stdout, /^ {4}qwen .*×1\.000\n {4}llama /m);
    }
    const { schema, size, results } = JSON.parse(readFileSync(at('results/tokens.json'), 'utf8')) as {
      readonly schema: string;
      readonly size: object;
      readonly results: readonly { readonly name: string; readonly tokens: number; readonly ratio: number }[];
    };
    assert.equal(schema, 'tokenswarm/tokens');
    assert.deepEqual(size, { texts: 1, characters: 51, chinese: 15 });
    const [qwen, llama] = results;
    assert.deepEqual([qwen?.name, llama?.name, llama?.ratio], ['qwen', 'llama', llama!.tokens / qwen!.tokens]);
  });

  it('works in a run as docs/tokens.md shows it', async () => {
    const commands = blocks('docs/tokens.md', 'sh').flatMap((block) => block.trim().split('\n'));
    const [command = '', ...others] = commands.filter((line) => line.startsWith('tokenswarm run '));
    assert.deepEqual(others, []);
    folder.write(
      'scenario.ts',
      `import { chat } from 'tokenswarm';\nexport default async () => void (await chat({ messages: 'hi' }));`,
    );
    const simulator = await forkSimulator();
    const args = command.replace('http://127.0.0.1:8000/v1', `${simulator.url}/v1`).split(' ').slice(1);
    const { code, stdout, stderr } = await tokenswarm([...args, '--model', 'sim-ttft5-itl1-len40'], {
      cwd: folder.path,
    });
    simulator.stop();
    assert.equal(code, 0, stderr);
    // The simulator's tokens are its own words.
    assert.match(
      stdout.replace(/\s+/g, ' '),
      /in 1 answer the server counted \d+ output tokens and the tokenizer \d+, /,
    );
  });

  it('distinguishes tokenizers of one name by their paths', async () => {
    const args = ['tokens', 'article.txt', '--tokenizer', 'qwen', '--tokenizer', './qwen/tokenizer.json'];
    const { stdout } = await tokenswarm(args, { cwd: folder.path });
    assert.match(stdout, /^ {4}qwen\/tokenizer\.json .*\n {4}\.\/qwen\/tokenizer\.json /m);
  });

  it('refuses unreadable texts and tokenizers with 104', async () => {
    folder.write('empty.txt', '');
    const wrong: readonly (readonly [args: readonly string[], message: string])[] = [
      [['article.txt'], '--tokenizer: expected at least one'],
      [['none.txt', '--tokenizer', 'qwen'], 'none.txt: the text cannot be read: ENOENT'],
      [['empty.txt', '--tokenizer', 'qwen'], 'empty.txt: the file is empty'],
      [['article.txt', '--tokenizer', 'mistral'], 'mistral: there is no such tokenizer'],
      [['article.txt', '--tokenizer', 'article.txt'], 'article.txt: not a tokenizer.json: it is not JSON'],
      [['article.txt', '--tokenizer', 'qwen', '--out', 'html=a'], '--out: "html=a": there is no format called "html"'],
    ];
    for (const [args, message] of wrong) {
      const { code, stderr } = await tokenswarm(['tokens', ...args], { cwd: folder.path });
      assert.equal(code, 104, stderr);
      assert.ok(stderr.includes(message), `${stderr}\nexpected ${message}`);
    }
  });
});
