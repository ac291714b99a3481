import assert from 'node:assert/strict';
import fc from 'fast-check';
import { openExchange, recordOutput } from '../../../../engine/client/exchange.js';
import { PendingText } from '../../../../engine/client/pending-text.js';
import { chatProtocol } from '../../../../engine/client/protocols/chat.js';
import { Recognition } from '../../../../engine/client/recognition.js';
import { patternOf } from '../../../../engine/client/sse/event-pattern.js';
import { EventStream } from '../../../../engine/client/sse/event-stream.js';
import { templateOf, withoutNumbers } from '../../../../engine/client/sse/event-template.js';
import { feed } from '../../../support/feed.js';

const chunk = (delta: object, rest: object = {}) =>
  JSON.stringify({
    id: 'c1',
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason: null, ...rest }],
  });

/** Text of an event by an example's pattern; undefined without match. Such an event is read in full. */
function textBy(event: string, example = chunk({ content: 'x' })): string | undefined {
  const template = templateOf(example, 'x');
  const pattern = template && patternOf(`data: ${example}\n\n`, example, withoutNumbers(template));
  assert.ok(pattern);
  const bytes = Buffer.from(`: before\n\n${event}`);
  const from = ': before\n\n'.length;
  if (!pattern.fits(bytes, from, bytes.length)) return undefined;
  assert.equal(pattern.end, bytes.length);
  return bytes.toString('utf8', pattern.textFrom, pattern.textTo);
}

/** Reads a stream and counts the events that were read in full. The number of a piece is its instant. */
function heard(pieces: readonly Buffer[], isShort: boolean) {
  const exchange = openExchange('chat', 'm', 0);
  const recognition = new Recognition(chatProtocol, exchange);
  const pending = new PendingText();
  let inFull = 0;
  const stream = new EventStream({
    onEvent(event, at) {
      inFull += 1;
      pending.moveTo(exchange);
      chatProtocol.decode(event, at, exchange);
    },
    onTooLong: () => assert.fail('nothing is too long'),
    ...(isShort && {
      template: (event) => recognition.learn(event),
      onText(bytes, from, to, at) {
        pending.add(Buffer.from(bytes), from, to);
        recordOutput(exchange, at, 1, exchange.recognized, Buffer.from(bytes).toString('utf8', from, to));
      },
    }),
  });
  for (const [at, piece] of pieces.entries()) feed(stream, piece, at);
  pending.moveTo(exchange);
  exchange.recognized = 'text';
  return { exchange, inFull };
}

const written = (data: string, end = '\n') => Buffer.from(`data: ${data}${end}${end}`);

describe('the template of events', () => {
  for (const text of [' world', '你好', "it's", '😀']) {
    it(`gives the text ${text} of an event that follows it`, () => {
      assert.equal(textBy(`data: ${chunk({ content: text })}\n\n`), text);
    });
  }

  const others: readonly (readonly [string, string])[] = [
    ['an event that ends the answer', `data: ${chunk({ content: 'a' }, { finish_reason: 'stop' })}\n\n`],
    ['an event that brings more', `data: ${chunk({ content: 'a', tool_calls: [{ index: 0 }] })}\n\n`],
    ['an event of another answer', `data: ${chunk({ content: 'a' }).replace('c1', 'c2')}\n\n`],
    ['a text that is escaped', `data: ${chunk({ content: 'a"b' })}\n\n`],
    ['a text with a line break', `data: ${chunk({ content: 'a\nb' })}\n\n`],
    ['a control character, which no JSON may have', `data: ${chunk({ content: 'ab' }).replace('ab', 'a\tb')}\n\n`],
    ['no text', `data: ${chunk({ content: '' })}\n\n`],
    ['an event with a name', `event: error\ndata: ${chunk({ content: 'a' })}\n\n`],
    ['an event that is cut short in its text', `data: ${chunk({ content: 'a' })}`.slice(0, -50)],
    ['an event that is cut short at its end', `data: ${chunk({ content: 'a' })}\n`],
    ['an event written with other line ends', `data: ${chunk({ content: 'a' })}\r\n\r\n`],
    ['nearly nothing', 'data: {}\n\n'],
  ];
  for (const [what, event] of others) {
    it(`leaves ${what} to the parser`, () => assert.equal(textBy(event), undefined));
  }

  it('is undefined where the text is escaped, or no value', () => {
    assert.equal(templateOf(chunk({ content: 'zz' }).replace('zz', '\\u007az'), 'zz'), undefined);
    assert.equal(templateOf(chunk({ content: 'a"b' }), 'a"b'), undefined);
    assert.equal(templateOf('{"a":["x"]}', 'x'), undefined);
  });

  it('finds a text after a colon and a space', () => {
    assert.deepEqual(templateOf('{"text": "x", "n": 1}', 'x'), { before: '{"text": "', after: '", "n": 1}' });
  });

  for (const [ends, end] of [
    ['line feeds', '\n'],
    ['carriage returns as well', '\r\n'],
  ] as const) {
    it(`saves parsing a stream with ${ends}`, () => {
      const pieces = Array.from({ length: 50 }, (_, n) => written(chunk({ content: ` w${n}` }), end));
      const { exchange, inFull } = heard(pieces, true);
      assert.equal(inFull, 1);
      assert.equal(exchange.text, Array.from({ length: 50 }, (_, n) => ` w${n}`).join(''));
      assert.deepEqual(exchange.chunkAt, [...pieces.keys()]);
    });
  }

  for (const [what, of] of [
    ['reasoning, then an answer', (n: number) => chunk(n < 25 ? { reasoning: ` w${n}` } : { content: ` w${n}` })],
    ['a role in its first event', (n: number) => chunk({ ...(n === 0 && { role: 'assistant' }), content: ` w${n}` })],
    [
      'instants in each event',
      (n: number) => chunk({ content: ` w${n}` }).replace('"id"', `"created":${n},"written_at": ${n / 7},"id"`),
    ],
  ] as const) {
    it(`saves parsing a stream with ${what}`, () => {
      const pieces = Array.from({ length: 50 }, (_, n) => written(of(n)));
      const { exchange, inFull } = heard(pieces, true);
      assert.ok(inFull <= 2, `${inFull} read in full`);
      assert.deepEqual(exchange, heard(pieces, false).exchange);
    });
  }

  it('gives up on events that have nothing in common', () => {
    const pieces = Array.from({ length: 50 }, (_, n) => written(chunk({ content: ` w${n}` }, { noise: `${n}` })));
    assert.equal(heard(pieces, true).inFull, 50);
  });

  it('saves parsing several events of one read, up to one that is cut', () => {
    const [first, second] = [written(chunk({ content: 'a' })), written(chunk({ content: 'b' }))];
    const pieces = [first, Buffer.concat([second, second, second.subarray(0, 90)]), second.subarray(90), second];
    const { exchange, inFull } = heard(pieces, true);
    assert.equal(exchange.text, 'abbbb');
    assert.deepEqual(exchange.chunkAt, [0, 1, 1, 2, 3]);
    assert.equal(inFull, 2);
  });

  it('gives the same answer as the parser, wherever it is cut', () => {
    const text = fc.string({ unit: 'binary' });
    const event = fc.oneof(
      { weight: 8, arbitrary: text.map((content) => chunk({ content })) },
      { weight: 8, arbitrary: fc.constantFrom('a', ' b', '你').map((content) => chunk({ content })) },
      text.map((reasoning) => chunk({ reasoning })),
      text.map((content) => chunk({ role: 'assistant', content })),
      text.map((content) => chunk({ content }, { finish_reason: 'stop' })),
      fc.nat(9).map((completion_tokens) => JSON.stringify({ choices: [], usage: { completion_tokens } })),
      fc.constant('[DONE]'),
    );
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 30 }),
        fc.array(fc.nat(), { maxLength: 10 }),
        fc.boolean(),
        (events, cuts, byEvents) => {
          const all = events.map((data) => written(data));
          const whole = Buffer.concat(all);
          const ends = cuts.map((cut) => cut % (whole.length + 1)).toSorted((a, b) => a - b);
          const cut = [...ends, whole.length].map((end, i) => whole.subarray(ends[i - 1] ?? 0, end));
          const pieces = byEvents ? all : cut;
          assert.deepEqual(heard(pieces, true).exchange, heard(pieces, false).exchange);
        },
      ),
    );
  });
});
