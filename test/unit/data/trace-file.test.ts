import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { FILLER_WORDS } from '../../../engine/data/filler.js';
import { readTrace, type Trace } from '../../../engine/data/trace-file.js';
import { tracedRow } from '../../../engine/data/traced-row.js';
import { dataFolder } from './data-folder.js';
import { AZURE, BURSTGPT, MOONCAKE } from './trace-samples.js';

const write = dataFolder();

function read(name: string, content: string): Trace {
  return readTrace(write(name, content));
}

/** The requests of a trace: when, and how long. */
function requests({ at, inputTokens, outputTokens }: Trace): number[][] {
  return [...at].map((time, i) => [time, inputTokens[i] ?? 0, outputTokens[i] ?? 0]);
}

describe('a trace', () => {
  it("is read in Mooncake's form, whose times are milliseconds", () => {
    const trace = read('a.jsonl', MOONCAKE);
    assert.deepEqual(requests(trace), [
      [0, 6955, 52],
      [3053, 6472, 26],
    ]);
    assert.deepEqual([trace.size, trace.leftOut], [2, 0]);
    assert.deepEqual(tracedRow(trace, 1, FILLER_WORDS).hashIds, [46, 47, 2366]);
    assert.ok(trace.at.buffer instanceof SharedArrayBuffer && trace.hashIds?.buffer instanceof SharedArrayBuffer);
  });

  it("is read in BurstGPT's form, whose times are seconds, without requests that failed", () => {
    const trace = read('b.csv', BURSTGPT);
    assert.deepEqual(requests(trace), [
      [0, 472, 18],
      [40_500, 1087, 230],
      [113_000, 1360, 371],
    ]);
    assert.equal(trace.leftOut, 1);
    assert.equal(tracedRow(trace, 1, FILLER_WORDS).hashIds, undefined);
  });

  it("is read in Azure's form, to more than milliseconds", () => {
    const found = requests(read('c.csv', AZURE));
    assert.deepEqual(
      found.map(([, ...tokens]) => tokens),
      [
        [4808, 10],
        [3180, 8],
        [110, 27],
      ],
    );
    assert.ok(Math.abs((found[1]?.[0] ?? 0) - 52) < 0.001, String(found[1]));
    assert.ok(Math.abs((found[2]?.[0] ?? 0) - 60_052.0005) < 0.001, String(found[2]));
    const zoned =
      'TIMESTAMP,ContextTokens,GeneratedTokens\n2024-05-10 00:00:00.5+00:00,1,1\n2024-05-10 02:00:01+02:00,1,1\n';
    assert.deepEqual(
      requests(read('d.csv', zoned)).map(([at]) => at),
      [0, 500],
    );
  });

  it('is recognised by its content, whatever its name', () => {
    assert.equal(read('odd.csv', MOONCAKE).size, 2);
    assert.equal(read('odd.jsonl', `\uFEFF${BURSTGPT}`).size, 3);
    assert.deepEqual(requests(read('own.csv', 'timestamp,input_length,output_length\n1500,8,2\n1600,9,3')), [
      [0, 8, 2],
      [100, 9, 3],
    ]);
  });

  it('is sorted by time, with its fields kept together', () => {
    const line = (at: number, id: number) =>
      JSON.stringify({ timestamp: at, input_length: at, output_length: 1, hash_ids: Array(id).fill(id) });
    const trace = read('e.jsonl', [line(30, 3), line(10, 1), line(20, 2), line(20, 4)].join('\n'));
    assert.deepEqual([...trace.at], [0, 10, 10, 20]);
    assert.deepEqual(
      [0, 1, 2, 3].map((i) => [
        tracedRow(trace, i, FILLER_WORDS).inputTokens,
        tracedRow(trace, i, FILLER_WORDS).hashIds,
      ]),
      [
        [10, [1]],
        [20, [2, 2]],
        [20, [4, 4, 4, 4]],
        [30, [3, 3, 3]],
      ],
    );
  });

  /** Trace of 40 requests 0.3 s apart, with hashes of `block` tokens. */
  function bailian(block: number, fields: object, time = (i: number) => 0.3 * (i + 1)): string {
    return Array.from({ length: 40 }, (_, i) => {
      const input = 200 + 37 * (i % 11);
      const hashes = Array.from({ length: Math.ceil(input / block) }, (_, k) => (k < 4 ? k : 1000 * i + k));
      return JSON.stringify({ ...fields, timestamp: time(i), input_length: input, output_length: 8, hash_ids: hashes });
    }).join('\n');
  }
  const last = (trace: Trace) => Math.round(trace.at.at(-1) ?? 0);

  it("is read in Qwen-Bailian's form, whose times are seconds and whose blocks are of 16 tokens", () => {
    const trace = read('qwen.jsonl', bailian(16, { chat_id: 0, parent_chat_id: -1, type: 'text', turn: 1 }));
    assert.deepEqual([last(trace), trace.blockTokens, trace.guesses], [11_700, 16, []]);
    const [one, other] = [0, 1].map((i) => tracedRow(trace, i, FILLER_WORDS).prompt.split(' '));
    const shared = one?.findIndex((word, i) => word !== other?.[i]) ?? 0;
    assert.ok(shared >= 64 && shared < 70, String(shared));
  });

  it('has its unit and block size guessed from hashes and times, with a warning', () => {
    const anonymous = read('anonymous.jsonl', bailian(16, {}));
    assert.deepEqual([last(anonymous), anonymous.blockTokens], [11_700, 16]);
    assert.deepEqual(anonymous.guesses, [
      "its times are taken for seconds, for its hashes are of 16 tokens, as those of Qwen-Bailian are; timestamps: 'seconds' or 'milliseconds' says it",
      'a hash is taken for 16 tokens, by their number; blockTokens says it',
    ]);
    const fractions = read(
      'fractions.csv',
      `timestamp,input_length,output_length\n${[0, 1, 2, 3].map((i) => `${0.3 * i},9,1`).join('\n')}`,
    );
    assert.equal(last(fractions), 900);
    assert.match(
      fractions.guesses.join(),
      /^its times are taken for seconds, for as milliseconds 4 requests would come within 0\.9 ms;/,
    );
    const epoch = read('epoch.csv', 'timestamp,input_length,output_length\n1700000000,9,1\n1700000007,9,1');
    assert.equal(last(epoch), 7000);
    for (const zeros of [1e6, 1e9]) {
      const times = [1_700_000_000, 1_700_000_007].map((time) => BigInt(time) * BigInt(zeros));
      const fine = read('fine.csv', `timestamp,input_length,output_length\n${times[0]},9,1\n${times[1]},9,1`);
      assert.equal(last(fine), 7000);
      assert.match(fine.guesses.join(), /^its times are taken for (?:micro|nano)seconds, for they are of our time/);
    }
    const blocks = read(
      'blocks.jsonl',
      bailian(64, {}, (i) => 300 * i),
    );
    assert.deepEqual([last(blocks), blocks.blockTokens], [11_700, 64]);
    const wide = read(
      'wide.jsonl',
      bailian(16, {}, (i) => 300_000 * i),
    );
    assert.deepEqual([last(wide), wide.blockTokens], [11_700_000, 16]);
  });

  it('is a burst of milliseconds where its times are whole, with a warning', () => {
    const burst = read(
      'burst.csv',
      `timestamp,input_length,output_length\n${Array.from({ length: 200 }, (_, i) => `${Math.floor(i / 4)},300,40`).join('\n')}`,
    );
    assert.equal(last(burst), 49);
    assert.deepEqual(burst.guesses, [
      "its times are taken for milliseconds, though 200 requests come within 49 ms; timestamps: 'seconds' or 'milliseconds' says it",
    ]);
  });

  it('follows explicit units and block sizes', () => {
    const path = write('told.jsonl', bailian(16, {}));
    const told = readTrace(path, { unit: 1, blockTokens: 32 });
    assert.deepEqual([last(told), told.blockTokens, told.guesses], [12, 32, []]);
  });

  it('may have semicolons, commas in numbers, dates, and names in any case with blanks', () => {
    const german = read('german.csv', 'Timestamp ; Request Tokens;Response tokens\n0,5;12;3\n1,75;13;4');
    assert.deepEqual(requests(german), [
      [0, 12, 3],
      [1250, 13, 4],
    ]);
    const dated = read(
      'dated.csv',
      'timestamp,input_length,output_length\n2024-05-10 00:00:00.5,1,1\n2024-05-10 00:00:02,1,1',
    );
    assert.deepEqual([last(dated), dated.guesses], [1500, []]);
  });

  it('may be gzipped', () => {
    assert.equal(readTrace(write('packed.csv.gz', gzipSync(BURSTGPT))).size, 3);
  });

  it('may be larger than what is read at once', () => {
    const lines = Array.from(
      { length: 50_000 },
      (_, i) => `{"timestamp":${i},"input_length":${i + 1},"output_length":1}`,
    );
    const trace = read('large.jsonl', lines.join('\n'));
    assert.deepEqual([trace.size, trace.at.at(-1), trace.inputTokens.at(-1)], [50_000, 49_999, 50_000]);
    assert.ok(trace.inputTokens.every((tokens, i) => tokens === i + 1));
  });
});
