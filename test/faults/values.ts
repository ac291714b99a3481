import type { Doubt } from '../../engine/client/exchange.js';
import { ANSWER, bytes, DONE, type Fault, line, STOP, stream, WORDS, word } from './fault.js';

const unreadable = (name: string, delta: object, field: string, is: string): Fault => ({
  name,
  act: bytes(stream(line({ choices: [{ index: 0, delta }] }) + ANSWER)),
  kind: 'malformed',
  says: new RegExp(`^the answer cannot be read: choices\\[0\\]\\.delta\\.${field} is ${is}`),
});

/** Answer with its only output in a field of the wrong type. */
const hollow = (name: string, event: object, says: string): Fault => ({
  name,
  act: bytes(stream(line(event) + line(event) + STOP + DONE)),
  kind: 'malformed',
  says: new RegExp(`^the answer cannot be read: ${says.replaceAll(/[[\]{}.]/g, '\\$&')}`),
});

/** A count in place of the right one. What is not believed is counted by events. */
const counted = (completion_tokens: unknown, doubt?: Doubt, tokens = 2): Fault => ({
  name: `completion_tokens ${JSON.stringify(completion_tokens)?.slice(0, 20)}`,
  act: bytes(stream(WORDS + STOP + line({ choices: [], usage: { prompt_tokens: 7, completion_tokens } }) + DONE)),
  kind: 'success',
  tokens,
  ...(doubt && { doubt }),
});
const usage = (value: unknown, doubt?: Doubt): Fault => ({
  name: `usage ${JSON.stringify(value)}`,
  act: bytes(stream(WORDS + STOP + line({ choices: [], usage: value }) + DONE)),
  kind: 'success',
  ...(doubt && { doubt }),
});

const inStream = (name: string, event: string, says: RegExp): Fault => ({
  name: `error in the stream: ${name}`,
  act: bytes(stream(word('Hello') + event + ANSWER)),
  kind: 'stream_error',
  says,
  text: 'Hello',
});

const NUMBER: Doubt = 'no whole number';

/** Fields and counts of the wrong type, and errors inside the stream. */
export const VALUE_FAULTS: readonly Fault[] = [
  unreadable('content 5', { content: 5 }, 'content', '5, expected text$'),
  unreadable('content {}', { content: {} }, 'content', 'an object, {}, expected text$'),
  unreadable('content true', { content: true }, 'content', 'true, expected text$'),
  unreadable('content [5]', { content: [5] }, 'content\\[0\\]', '5, expected an object$'),
  unreadable('content [{"text":5}]', { content: [{ text: 5 }] }, 'content\\[\\]\\.text', '5, expected text$'),
  {
    name: 'content nested 20,000 deep',
    act: bytes(
      stream(`data: {"choices":[{"index":0,"delta":{"content":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}}]}\n\n`),
    ),
    kind: 'malformed',
    says: /^the answer cannot be read: choices\[0\]\.delta\.content is an object, /,
  },
  unreadable('reasoning 5', { reasoning_content: 5 }, 'reasoning', '5, expected text$'),
  unreadable('refusal {}', { refusal: { a: 1 } }, 'refusal', 'an object, {"a":1}, expected text$'),
  unreadable(
    'tool_calls {"length":1}',
    { tool_calls: { length: 1 } },
    'tool_calls',
    'an object, {"length":1}, expected a list$',
  ),
  unreadable('tool_calls [null]', { tool_calls: [null] }, 'tool_calls\\[0\\]', 'null, expected an object$'),
  unreadable('tool_calls "abc"', { tool_calls: 'abc' }, 'tool_calls', '"abc", expected a list$'),
  unreadable(
    'a tool name 5',
    { tool_calls: [{ function: { name: 5 } }] },
    'tool_calls\\[\\]\\.function\\.name',
    '5, expected text$',
  ),
  hollow(
    'delta "Hello" alone',
    { choices: [{ index: 0, delta: 'Hello' }] },
    'choices[0].delta is "Hello", expected an object',
  ),
  hollow('choices {"0":…} alone', { choices: { 0: word('Hello') } }, 'choices is an object, {"0":'),
  hollow('choices ["Hello"] alone', { choices: ['Hello'] }, 'choices[0] is "Hello", expected an object'),
  { name: 'content []', act: bytes(stream(word([]) + ANSWER)), kind: 'success' },
  { name: 'content null', act: bytes(stream(word(null) + ANSWER)), kind: 'success' },
  {
    name: 'content as parts',
    act: bytes(stream(word([{ type: 'text', text: 'Hello' }]) + word(' you') + STOP + DONE)),
    kind: 'success',
  },
  {
    name: 'an event that is not JSON',
    act: bytes(stream(`${word('Hello')}data: {"choices\n\n${ANSWER}`)),
    kind: 'malformed',
    says: /^an event is not JSON: \{"choices$/,
    text: 'Hello',
  },
  {
    name: 'an event that is a number',
    act: bytes(stream(line(5) + ANSWER)),
    kind: 'malformed',
    says: /^an event is no object: 5$/,
  },
  {
    name: 'an event that is null',
    act: bytes(stream(line(null) + ANSWER)),
    kind: 'malformed',
    says: /^an event is no object: null$/,
  },
  counted(2),
  counted(-5, NUMBER),
  counted('3', NUMBER),
  counted('few', NUMBER),
  counted({}, NUMBER),
  counted([7], NUMBER),
  counted(1.5, NUMBER),
  counted(1e300, NUMBER),
  counted(true, NUMBER),
  counted(1e9, 'more tokens than the text can hold'),
  counted(0, 'no token beside text'),
  counted(null),
  {
    name: 'completion_tokens 1e400',
    act: bytes(stream(`${WORDS}${STOP}data: {"choices":[],"usage":{"completion_tokens":1e400}}\n\n${DONE}`)),
    kind: 'success',
    doubt: NUMBER,
  },
  usage(null),
  usage({}),
  usage('many', NUMBER),
  usage([1], undefined),
  usage(5, NUMBER),
  inStream('a text', line({ error: 'out of memory' }), /^out of memory$/),
  inStream('an object', line({ error: { message: 'out of memory', code: 5 } }), /^out of memory$/),
  inStream('an object without a message', line({ error: { code: 5 } }), /^\{"code":5\}$/),
  inStream('a list', line({ error: ['a', 'b'] }), /^\["a","b"\]$/),
  inStream('a number', line({ error: 7 }), /./),
  inStream('by its object', line({ object: 'error', message: 'no such model' }), /^no such model$/),
  inStream('by its type', line({ type: 'error', error: { message: 'overloaded' } }), /^overloaded$/),
  inStream('by its event', 'event: error\ndata: {"message":"overloaded"}\n\n', /^overloaded$/),
  inStream('by its event, in plain text', 'event: error\ndata: overloaded\n\n', /^overloaded$/),
  inStream('a code and a message', line({ code: 500, message: 'engine died' }), /^engine died$/),
  inStream('a code and a text', line({ text: 'NETWORK ERROR', error_code: 50001 }), /^NETWORK ERROR$/),
  inStream('a list of errors', line({ errors: [{ message: 'boom' }] }), /boom/),
  inStream('a list of details', line({ detail: [{ loc: ['body'], msg: 'bad' }] }), /bad/),
  inStream('with a detail', 'event: error\ndata: {"detail":"too long"}\n\n', /^too long$/),
  inStream('of 1 MB', line({ error: { message: 'x'.repeat(1e6) } }), /^x{300}…$/),
  inStream('nested 20,000 deep', `data: {"error":${'['.repeat(20_000)}${']'.repeat(20_000)}}\n\n`, /./),
  {
    name: 'error in the stream: empty, which is none',
    act: bytes(stream(word('Hello') + line({ error: null, choices: [] }) + word(' you') + STOP + DONE)),
    kind: 'success',
  },
  { name: 'error after [DONE]', act: bytes(stream(ANSWER + line({ error: 'too late' }))), kind: 'success' },
];
