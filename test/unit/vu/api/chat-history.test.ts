import assert from 'node:assert/strict';
import { openExchange } from '../../../../engine/client/exchange.js';
import { chatProtocol } from '../../../../engine/client/protocols/chat.js';
import type { ChatMessage } from '../../../../engine/client/protocols/chat-messages.js';
import { figuresOf } from '../../../../engine/client/request-figures.js';
import { ChatHistory, questionOf } from '../../../../engine/vu/api/chat-history.js';
import { Answer } from '../../../../engine/vu/llm-answer.js';

type Given = ConstructorParameters<typeof ChatHistory>[1];

function answerOf(text: string, isFailed = false): Answer {
  const exchange = openExchange('chat', 'm', 0);
  exchange.text = text;
  exchange.usage = { inputTokens: 10, outputTokens: 2 };
  if (isFailed) exchange.failure = { kind: 'http_status', message: 'busy' };
  return new Answer(exchange, figuresOf(exchange), undefined);
}

/** Parts of a request. */
function partsOf(messages: readonly ChatMessage[]): readonly Uint8Array[] {
  const body = chatProtocol.encode({ messages, maxTokens: 5, extraBody: { top_k: 3 } }, 'm', true);
  assert.ok(typeof body === 'object');
  return body instanceof Uint8Array ? [body] : body;
}

/** Messages of a request, as its bytes say. */
function sent(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const body: Record<string, unknown> = JSON.parse(Buffer.concat(partsOf(messages)).toString());
  assert.deepEqual([body.model, body.max_tokens, body.top_k, body.stream], ['m', 5, 3, true]);
  return body.messages as ChatMessage[];
}

/** Holds a turn; returns the messages that it asks with. */
function turn(history: ChatHistory, question: readonly ChatMessage[], isFailed = false): readonly ChatMessage[] {
  const messages = history.ask(question);
  assert.deepEqual(sent(messages), JSON.parse(JSON.stringify(messages)));
  // Asked again, as after a refusal.
  assert.deepEqual(sent(messages), JSON.parse(JSON.stringify(messages)));
  history.take(messages, question, answerOf('an "answer" 好', isFailed));
  return messages;
}

describe('the bytes of a history', () => {
  const cases: readonly (readonly [string, Given])[] = [
    ['with a system message', { system: 'Be "brief"\n以及礼貌' }],
    ['without one', {}],
    ['of at most two turns', { system: 's', maxTurns: 2 }],
    ['of few tokens', { maxHistoryTokens: 40 }],
  ];
  for (const [what, options] of cases) {
    it(`are those of its messages, ${what}`, () => {
      const history = new ChatHistory('test', options);
      for (let number = 0; number < 12; number += 1) {
        const one = { role: 'user', content: `question ${number} 你好 \u2028 "x"` } as const;
        turn(
          history,
          number === 4 ? [one, { role: 'user', content: [{ type: 'text', text: 'b' }] }] : [one],
          number === 6,
        );
        if (number === 8) history.reset();
      }
      assert.ok(history.messages.length > 1);
    });
  }

  it('are those of the list that was asked about, though it has been reset since', () => {
    const history = new ChatHistory('test', {});
    turn(history, questionOf('zero'));
    const before = turn(history, questionOf('one'));
    history.reset();
    assert.equal(sent(before).length, 3);
    turn(history, questionOf('two'));
    const contents = sent(turn(history, questionOf('three'))).map(({ content }) => content);
    assert.deepEqual(contents, ['two', 'an "answer" 好', 'three']);
  });

  it('are few parts, of which the system message is shared', () => {
    const system = 'x'.repeat(100_000);
    const [one, two] = [1, 2].map(() => {
      const history = new ChatHistory('test', { system: `${system}y` });
      for (let number = 0; number < 40; number += 1) turn(history, questionOf(`question ${number}`));
      const parts = partsOf(history.ask(questionOf('last')));
      assert.ok(parts.length < 12, `${parts.length} parts`);
      return parts;
    });
    assert.equal(one?.[1]?.buffer, two?.[1]?.buffer);
  });
});
