import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { openExchange, recordOutput } from '../../../engine/client/exchange.js';
import { PROTOCOLS } from '../../../engine/client/protocols/index.js';
import { Recognition } from '../../../engine/client/recognition.js';
import { EventStream } from '../../../engine/client/sse/event-stream.js';
import { feed } from '../../support/feed.js';

const FOLDER = new URL('../../../../test/unit/client/transcripts/', import.meta.url);

/** Protocols whose events may be recognized. */
type Name = 'chat' | 'complete' | 'anthropic' | 'responses';

/** Reads a recorded answer event by event. Counts output events that were recognized, and those that were parsed. */
function countEvents(name: Name, file: string): readonly [recognized: number, parsed: number] {
  const exchange = openExchange(name, 'm', 0);
  const recognition = new Recognition(PROTOCOLS[name], exchange);
  let recognized = 0;
  const stream = new EventStream({
    onEvent: (event, at) => PROTOCOLS[name].decode(event, at, exchange),
    onTooLong: () => assert.fail('nothing is too long'),
    template: (event) => recognition.learn(event),
    onText(_, __, ___, at) {
      recognized += 1;
      recordOutput(exchange, at, 1, exchange.recognized);
    },
  });
  const text = readFileSync(new URL(file, FOLDER), 'utf8');
  for (const [at, event] of text.split(/(?<=\n\r?\n)/).entries()) feed(stream, event, at);
  return [recognized, exchange.chunkAt.length - recognized];
}

/** Recorded answers. First events, finish reasons and counts are parsed. */
const table: readonly (readonly [file: string, Name, recognized: number, parsed: number])[] = [
  ['vllm-0.24.0/chat.sse', 'chat', 10, 2],
  ['vllm-0.24.0/messages-interval-4.sse', 'anthropic', 3, 1],
  ['vllm-0.24.0/responses-interval-4.sse', 'responses', 3, 1],
  ['vllm-0.24.0/chat-token-ids.sse', 'chat', 0, 12],
  ['llama.cpp-b10434/chat-reasoning.sse', 'chat', 15, 2],
  ['llama.cpp-b10434/completions.sse', 'complete', 14, 1],
  ['ollama-0.17.4/chat-reasoning.sse', 'chat', 15, 2],
  ['ollama-0.17.4/responses-cut.sse', 'responses', 4, 1],
  ['ollama-0.17.4/completions.sse', 'complete', 0, 12],
  ['litellm-1.108.7/chat-upstream-cut.sse', 'chat', 4, 1],
];

describe('the events of a real server', () => {
  for (const [file, name, recognized, parsed] of table) {
    it(`are recognized but for ${parsed}: ${file}`, () => {
      assert.deepEqual(countEvents(name, file), [recognized, parsed]);
    });
  }
});
