import assert from 'node:assert/strict';
import fc from 'fast-check';
import { openExchange } from '../../../../engine/client/exchange.js';
import { chatProtocol } from '../../../../engine/client/protocols/chat.js';
import { templateOf, textBy } from '../../../../engine/client/protocols/event-template.js';

const chunk = (delta: object, rest: object = {}) =>
  JSON.stringify({
    id: 'c1',
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason: null, ...rest }],
  });

const textOf = (event: unknown) => (event as { choices: { delta: { content?: string } }[] }).choices[0]?.delta.content;

/** What a client has heard; without templates each event is read in full. */
function heard(events: readonly string[], withTemplates: boolean) {
  const exchange = openExchange('chat', 'm', 0);
  for (const [at, data] of events.entries()) {
    if (!withTemplates) exchange.template = undefined;
    chatProtocol.decode({ data }, at, exchange);
  }
  const { template: _, ...rest } = exchange;
  return rest;
}

describe('the template of events', () => {
  it('is what they have in common, and gives the text of those that follow it', () => {
    const template = templateOf(chunk({ content: '你好' }), 'content', '你好', textOf);
    assert.ok(template);
    assert.equal(textBy(template, { data: chunk({ content: ' world' }) }), ' world');
  });

  const others: readonly (readonly [string, { event?: string; data: string }])[] = [
    ['an event that ends the answer', { data: chunk({ content: 'a' }, { finish_reason: 'stop' }) }],
    ['an event that brings more', { data: chunk({ content: 'a', tool_calls: [{ index: 0 }] }) }],
    ['an event of another answer', { data: chunk({ content: 'a' }).replace('c1', 'c2') }],
    ['a text that is escaped', { data: chunk({ content: 'a"b' }) }],
    ['a text with a line break', { data: chunk({ content: 'a\nb' }) }],
    ['no text', { data: chunk({ content: '' }) }],
    ['an event with a name', { event: 'error', data: chunk({ content: 'a' }) }],
    ['an event that is cut short', { data: chunk({ content: 'a' }).slice(0, -1) }],
    ['nearly nothing', { data: '{}' }],
  ];
  for (const [what, event] of others) {
    it(`leaves ${what} to be read in full`, () => {
      const template = templateOf(chunk({ content: 'x' }), 'content', 'x', textOf);
      assert.ok(template);
      assert.equal(textBy(template, event), undefined);
    });
  }

  it('is none where the characters are not where the text is', () => {
    const misleading = `{"content":"x","choices":[{"delta":{"content":"x"}}]}`;
    assert.equal(templateOf(misleading, 'content', 'x', textOf), undefined);
    assert.equal(templateOf(chunk({ content: 'zz' }).replace('zz', '\\u007az'), 'content', 'zz', textOf), undefined);
  });

  it('changes nothing of what is heard, whatever is said', () => {
    const text = fc.string({ unit: 'binary' });
    const event = fc.oneof(
      { weight: 8, arbitrary: text.map((content) => chunk({ content })) },
      text.map((reasoning) => chunk({ reasoning })),
      text.map((content) => chunk({ role: 'assistant', content })),
      text.map((content) => chunk({ content }, { finish_reason: 'stop' })),
      fc.nat(9).map((completion_tokens) => JSON.stringify({ choices: [], usage: { completion_tokens } })),
      fc.constant('[DONE]'),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        assert.deepEqual(heard(events, true), heard(events, false));
      }),
    );
  });
});
