import { ANSWER, bytes, DONE, type Fault, line, paced, STOP, stream, WORDS, word } from './fault.js';

const raw = (name: string, body: string | Buffer, text = 'Hello you', tokens = 2): Fault => ({
  name,
  act: bytes(stream(body)),
  kind: 'success',
  text,
  tokens,
});
const other = (name: string, event: unknown): Fault =>
  raw(name, word('Hello') + line(event) + word(' you') + STOP + DONE);
const lines = (...all: readonly string[]) => `${all.join('\n')}\n\n`;
const ofChoices = (choices: unknown) => other(`choices ${JSON.stringify(choices)}`, { choices });
const ofDelta = (delta: unknown) => other(`delta ${JSON.stringify(delta)}`, { choices: [{ index: 0, delta }] });

/** Server-sent events in every form, and their order. */
export const STREAM_FAULTS: readonly Fault[] = [
  raw('NUL in the text', word('Hel\0lo') + STOP + DONE, 'Hel\0lo', 1),
  raw(
    'a lone surrogate',
    `data: {"choices":[{"index":0,"delta":{"content":"\\ud83d"}}]}\n\n${STOP}${DONE}`,
    '\ud83d',
    1,
  ),
  raw(
    'bytes that are not UTF-8',
    Buffer.concat([
      Buffer.from('data: {"choices":[{"index":0,"delta":{"content":"a'),
      Buffer.of(0xff),
      Buffer.from(`"}}]}\n\n${STOP}${DONE}`),
    ]),
    'a\ufffd',
    1,
  ),
  raw(
    'JSON nested 100,000 deep',
    `${word('Hello')}data: {"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}\n\n${word(' you')}${STOP}${DONE}`,
  ),
  raw(
    '__proto__ in the JSON',
    `${word('Hello')}data: {"__proto__":{"error":"x"},"choices":[]}\n\n${word(' you')}${STOP}${DONE}`,
  ),
  raw(
    'a key twice',
    `data: {"choices":[],"choices":[{"index":0,"delta":{"content":"Hello"}}]}\n\n${word(' you')}${STOP}${DONE}`,
  ),
  raw('a byte order mark', `\ufeff${ANSWER}`),
  raw('a byte order mark in the middle', `${word('Hello')}\ufeff${word(' there')}${word(' you')}${STOP}${DONE}`),
  raw('CR alone', ANSWER.replaceAll('\n', '\r')),
  {
    name: 'CR alone, an event a read, and never an end',
    act: paced(
      [stream(''), ...ANSWER.split('\n\n').map((event) => `${event}\r\r`)].map((part, i) =>
        i === 0 ? 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n' : part,
      ),
      5,
    ),
    kind: 'success',
  },
  raw('CRLF', ANSWER.replaceAll('\n', '\r\n')),
  raw('mixed line ends', WORDS.replaceAll('\n\n', '\r\n\n') + STOP.replaceAll('\n', '\r') + DONE),
  raw('ids', lines('id: 1', WORDS.trim().split('\n\n')[0] ?? '') + word(' you') + STOP + DONE),
  raw('retry', `retry: 10\n\n${ANSWER}`),
  raw('named events', ANSWER.replaceAll('data:', 'event: message\ndata:')),
  raw('unknown fields', ANSWER.replaceAll('data:', 'foo: bar\nalone\ndata:')),
  raw('data over several lines', ANSWER.replaceAll('{"choices"', '{\ndata: "choices"')),
  raw('data: without a blank', ANSWER.replaceAll('data: ', 'data:')),
  raw('events without data', ANSWER.replaceAll('data:', 'data:\n\ndata:')),
  raw('comments between the events', ANSWER.replaceAll('data:', ': still there\n\ndata:')),
  raw('[DONE] twice', ANSWER + DONE),
  { name: '[DONE] first', act: bytes(stream(DONE + ANSWER)), kind: 'empty', says: /^the answer had no token$/ },
  raw('[DONE] padded', `${WORDS}data:  [DONE] \n\n`),
  raw('[DONE] without its empty line', `${WORDS}data: [DONE]`),
  raw('[DONE] but no finish reason', WORDS + DONE),
  raw('a finish reason but no [DONE]', WORDS + STOP),
  raw('the finish reason with the last piece', word('Hello') + word(' you', { finish_reason: 'stop' })),
  raw('tokens after [DONE]', ANSWER + word(' there')),
  {
    name: 'a finish reason but no token',
    act: bytes(stream(STOP + DONE)),
    kind: 'empty',
    says: /^the answer had no token$/,
  },
  ...['abort', 'error', 'network_error'].map(
    (reason): Fault => ({
      name: `the finish reason ${reason}`,
      act: bytes(stream(WORDS + line({ choices: [{ index: 0, delta: {}, finish_reason: reason }] }) + DONE)),
      kind: 'stream_error',
      says: new RegExp(`^the server ended the answer with the finish reason ${reason}$`),
      text: 'Hello you',
    }),
  ),
  {
    name: 'the finish reason null as text, then a close',
    act: bytes(stream(word('Hello', { finish_reason: 'null' }))),
    kind: 'stream_cut',
    says: /without a finish reason/,
    text: 'Hello',
  },
  { name: '[DONE] alone', act: bytes(stream(DONE)), kind: 'empty', says: /^the answer had no token$/ },
  {
    name: 'no event',
    act: bytes(stream(': nothing\n\n')),
    kind: 'stream_cut',
    says: /without a finish reason or \[DONE\]/,
  },
  {
    name: 'no end',
    act: bytes(stream(WORDS)),
    kind: 'stream_cut',
    says: /without a finish reason or \[DONE\]/,
    text: 'Hello you',
  },
  {
    name: 'an event that is cut',
    act: bytes(stream(`${WORDS}data: [DON`)),
    kind: 'stream_cut',
    says: /without a finish reason/,
    text: 'Hello you',
  },
  raw(
    'choices out of order',
    line({
      choices: [
        { index: 1, delta: { content: 'B' } },
        { index: 0, delta: { content: 'Hello' } },
      ],
    }) +
      word(' you') +
      STOP +
      DONE,
  ),
  raw(
    'two choices in turn',
    word('Hello') + line({ choices: [{ index: 1, delta: { content: 'B' } }] }) + word(' you') + STOP + DONE,
  ),
  ofChoices({}),
  ofChoices([]),
  ofChoices([null]),
  ofChoices('abc'),
  ofChoices(5),
  ofChoices(null),
  ofDelta(null),
  ofDelta('abc'),
  ofDelta(7),
  ofDelta([]),
  other('no choices', { id: 'x' }),
];
