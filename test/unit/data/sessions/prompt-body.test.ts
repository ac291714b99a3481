import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FILLER_WORDS } from '../../../../engine/data/filler.js';
import { PromptBody, WordBytes } from '../../../../engine/data/sessions/prompt-body.js';
import { piecesOf, type RecordedRequest, turnsOf } from '../../../../engine/data/sessions/recorded-session.js';

const words = new WordBytes(FILLER_WORDS);

function request(inputTokens: number, hashes: readonly number[], outputTokens = 10): RecordedRequest {
  const pieces = piecesOf(hashes, inputTokens, 8, `rest ${inputTokens} ${hashes.join()}`);
  return { at: 0, took: 0, waited: 0, afterTool: false, inputTokens, outputTokens, pieces, model: undefined };
}

function bodyOf(marker: readonly number[] = [], systemTokens = 0): PromptBody {
  return new PromptBody({ words, scope: 'test', systemTokens, marker });
}

/** Messages after each of these requests. */
function played(requests: readonly RecordedRequest[], body = bodyOf()) {
  const turns = turnsOf(requests, 0);
  return turns.map((turn, index) => {
    body.apply(turn, turns[index - 1]?.outputTokens ?? 0);
    const sent = JSON.parse(body.close('"model":"m"}').toString()) as { messages: typeof body.messages; model: string };
    assert.equal(sent.model, 'm');
    assert.deepEqual(sent.messages, body.messages);
    return sent.messages;
  });
}

const count = (text: string) => text.split(' ').length;
const shape = (messages: PromptBody['messages']) => messages.map(({ role, content }) => [role, count(content)]);

describe('the body of a recorded prompt', () => {
  it('has the recorded tokens, with the answers as messages of the assistant', () => {
    const [first, second] = played([request(16, [1, 2]), request(40, [1, 2, 3, 4, 5])], bodyOf([], 8));
    assert.deepEqual(shape(first!), [
      ['system', 8],
      ['user', 8],
    ]);
    assert.deepEqual(shape(second!), [
      ['system', 8],
      ['user', 8],
      ['assistant', 10],
      ['user', 14],
    ]);
    assert.deepEqual(second!.slice(0, 2), first);
  });

  it('goes on behind a last block that was cut', () => {
    const [first, second] = played([request(20, [1, 2, 3]), request(40, [1, 2, 4, 5, 6])]);
    assert.deepEqual(shape(first!), [['user', 20]]);
    assert.deepEqual(shape(second!), [
      ['user', 20],
      ['assistant', 10],
      ['user', 10],
    ]);
    assert.equal(second![0]!.content.split(' ').slice(0, 16).join(), first![0]!.content.split(' ').slice(0, 16).join());
  });

  it('begins anew behind what is kept of a prompt that was compacted', () => {
    const long = request(
      4000,
      Array.from({ length: 500 }, (_, index) => index),
    );
    const [, second] = played([long, request(24, [0, 1, 900])]);
    assert.deepEqual(shape(second!), [['user', 24]]);
  });

  it('is made unique by its marker alone, behind the system prompt', () => {
    const [plain] = played([request(40, [1, 2, 3, 4, 5])], bodyOf([], 8));
    const [marked] = played([request(40, [1, 2, 3, 4, 5])], bodyOf([1, 2, 3], 8));
    assert.equal(marked![0]!.content, plain![0]!.content);
    assert.notEqual(marked![1]!.content, plain![1]!.content);
    assert.deepEqual(marked![1]!.content.split(' ').slice(3), plain![1]!.content.split(' ').slice(3));
    assert.deepEqual(
      marked![1]!.content.split(' ').slice(0, 3),
      [1, 2, 3].map((word) => FILLER_WORDS[word]),
    );
  });

  it('is copied for a fork, which leaves it as it was', () => {
    const body = bodyOf();
    const [first] = played([request(16, [1, 2])], body);
    const fork = body.fork();
    fork.apply(turnsOf([request(32, [1, 2, 8, 9])], 0, request(16, [1, 2]))[0]!, 10);
    assert.deepEqual(shape(fork.messages), [
      ['user', 16],
      ['assistant', 10],
      ['user', 6],
    ]);
    assert.deepEqual(body.messages, first);
  });

  it('has the length of every turn and the prefix that it shares, whatever the hashes', () => {
    const hashes = fc.array(fc.nat(3), { minLength: 1, maxLength: 12 });
    const any = fc.record({ hashes, cut: fc.nat(7), output: fc.integer({ min: 1, max: 30 }) });
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 6 }), fc.nat(20), (drawn, systemTokens) => {
        const requests = drawn.map(({ hashes, cut, output }) => {
          // The same number at another place is another block.
          const keys = hashes.map((_, at) => Number(`1${hashes.slice(0, at + 1).join('')}`));
          return request(8 * keys.length - cut, keys, output);
        });
        const all = played(requests, bodyOf([], systemTokens));
        for (const [turn, messages] of all.entries()) {
          const text = messages.map(({ content }) => content).join(' ');
          assert.equal(count(text), requests[turn]!.inputTokens);
          const kept = Math.max(0, 8 * turnsOf(requests, 0)[turn]!.kept - 7);
          const before =
            all[turn - 1]
              ?.map(({ content }) => content)
              .join(' ')
              .split(' ') ?? [];
          assert.deepEqual(text.split(' ').slice(0, kept), before.slice(0, kept));
          assert.equal(messages.at(-1)?.role, 'user');
        }
      }),
    );
  });
});
