import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../support/command.js';
import { testFolder } from '../../support/folder.js';

const TYPES = join(ROOT, 'dist/engine/api');
const BEFORE = `import { chat, type DurationText, env, type Options, peakUsers, sleep } from 'tokenswarm';`;

/** Wrong lines, what the compiler has to mark, and its message. */
const WRONG: readonly (readonly [line: string, marked: string, message: RegExp])[] = [
  [
    `await chat({ messages: 'hi', max_tokens: 20 });`,
    'max_tokens',
    /'max_tokens' does not exist in type 'ChatRequest'/,
  ],
  [`await chat({ messages: 'hi', slo: { TTFT: 500 } });`, 'TTFT', /'TTFT' does not exist in type 'Slo'|Did you mean/],
  [`export const a = peakUsers(5, { rmap: '1s', hold: '2s' });`, 'rmap', /'rmap' does not exist in type 'PeakTimes'/],
  [`export const b: Options = { treshold: {} };`, 'treshold', /'treshold' does not exist in type 'Options'/],
  [`export const c: Options = { duration: '10' };`, 'duration', /'"10"' is not assignable to type 'Duration/],
  [`export const d: Options = { duration: __ENV.FOR ?? '10' };`, 'duration', /not assignable to type 'Duration/],
  [`await chat({ messages: 'hi', slo: { ttft: '5' } });`, 'ttft', /'"5"' is not assignable to type/],
  [`await sleep('1');`, `'1'`, /'"1"' is not assignable to parameter of type 'number | DurationText'/],
];

/** Right lines, with durations of every origin. */
const RIGHT = [
  `export const e: Options = { duration: __ENV.FOR ?? '1m30s', setupTimeout: '1.5h', warmup: 0 };`,
  `export const f = peakUsers(5, { ramp: env.duration('RAMP', '10s'), hold: '250ms' });`,
  `if (__ENV.MODE === 'fast') await sleep(0.5);`,
  `let pause = '1s';`,
  `await sleep(pause as DurationText);`,
  `export const g = (__ENV.API ?? 'chat') as 'chat' | 'responses';`,
  `export const h: string = __ENV.SITE || 'http://127.0.0.1';`,
];

describe('the published types', () => {
  it('underline a mistake where it is, and nothing else', async function () {
    this.timeout(60_000);
    const folder = testFolder();
    const file = folder.write('wrong.ts', [BEFORE, ...WRONG.map(([line]) => line), ...RIGHT].join('\n'));
    const paths = { tokenswarm: [join(TYPES, 'index.d.ts')] };
    const compilerOptions = {
      strict: true,
      noEmit: true,
      target: 'es2023',
      module: 'esnext',
      moduleResolution: 'bundler',
      paths,
    };
    const config = folder.write(
      'tsconfig.json',
      JSON.stringify({ compilerOptions: { ...compilerOptions, types: [], skipLibCheck: true }, files: [file] }),
    );
    const said = await new Promise<string>((resolve) => {
      const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
      execFile(process.execPath, [tsc, '-p', config, '--pretty', 'false'], (_, stdout) => resolve(stdout));
    });
    for (const [index, [line, marked, message]] of WRONG.entries()) {
      const place = `wrong.ts(${index + 2},${line.indexOf(marked) + 1}): `;
      const error = said.split('\n').find((each) => each.includes(place));
      assert.match(error ?? said, message, `${place}${said}`);
    }
    assert.equal(said.match(/error TS/g)?.length, WRONG.length, said);
  });

  it('name every parameter as people do, and explain all functions and members', () => {
    const texts = readdirSync(TYPES).filter((name) => name.endsWith('.d.ts'));
    for (const name of texts.filter((each) => each !== 'outside.d.ts')) {
      assert.doesNotMatch(readFileSync(join(TYPES, name), 'utf8'), /\b_[a-z]\w*\??:/, name);
    }
    for (const path of [...texts, '../client/protocols/generation-fields.d.ts']) {
      assert.deepEqual(unexplained(readFileSync(join(TYPES, path), 'utf8')), [], path);
    }
  });
});

/** Exported functions, and members of exported interfaces and classes, without a comment. */
function unexplained(types: string): readonly string[] {
  const lines = types.split('\n');
  let isOpen = false;
  return lines.filter((line, index) => {
    if (/^\S/.test(line)) isOpen = /^export (declare )?(abstract )?(interface|class) /.test(line);
    const isMember = isOpen && /^ {4}(readonly )?\w+\??[(<:]/.test(line) && !/^ {4}constructor/.test(line);
    const isFunction = /^export (declare )?(function|const) /.test(line);
    // A field that the constructor takes is explained by its class; an overload by the first of its kind.
    const isTaken =
      lines.some((each) => each.startsWith('    constructor(') && each.includes(`${nameIn(line)}?`)) ||
      lines.some((each) => each.startsWith(`    constructor(${nameIn(line)}:`));
    const isOverload = nameIn(lines[index - 1] ?? '') === nameIn(line);
    return (isMember || isFunction) && !isTaken && !isOverload && !lines[index - 1]?.trimEnd().endsWith('*/');
  });
}

function nameIn(line: string): string | undefined {
  return /^(?:export declare (?:function|const) | {4}(?:readonly )?)(\w+)/.exec(line)?.[1];
}
