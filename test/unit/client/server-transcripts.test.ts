import assert from 'node:assert/strict';
import { anthropicProtocol } from '../../../engine/client/protocols/anthropic.js';
import { chatProtocol } from '../../../engine/client/protocols/chat.js';
import { completeProtocol } from '../../../engine/client/protocols/complete.js';
import { ollamaProtocol } from '../../../engine/client/protocols/ollama.js';
import { responsesProtocol } from '../../../engine/client/protocols/responses.js';
import { figuresOf } from '../../../engine/client/request-figures.js';
import { replay } from '../../support/replay.js';

/** Time between two events, in milliseconds. */
const GAP = 20;

/** Answers of the tiny models that were served. Each of their tokens has one that follows it. */
const THOUGHT = { text: 'The server answers: 你好, all right.', reasoning: 'we need some words', calls: [] };
const CALL = { text: '', reasoning: 'need a call', calls: [['weather', '{"city":"Berlin"}']] };
const CUT = { text: '', reasoning: 'we need some words', calls: [] };

/** Tokens in and out, and the events of three outputs. */
interface Reading {
  readonly tokens: readonly [number, number];
  readonly finish: string;
  readonly events: readonly [first: number, answer: number | undefined, last: number];
  readonly answer: object;
}

const table: readonly (readonly [string, Parameters<typeof replay>[0], Reading])[] = [
  [
    'llama.cpp-b10434/chat-reasoning.sse',
    chatProtocol,
    { tokens: [13, 20], finish: 'stop', events: [1, 6, 17], answer: THOUGHT },
  ],
  [
    'llama.cpp-b10434/chat-timings.sse',
    chatProtocol,
    { tokens: [236, 13], finish: 'tool_calls', events: [1, 4, 6], answer: CALL },
  ],
  [
    'llama.cpp-b10434/messages-tool-call.sse',
    anthropicProtocol,
    { tokens: [236, 13], finish: 'tool_calls', events: [2, 5, 8], answer: CALL },
  ],
  [
    'llama.cpp-b10434/responses-tool-call.sse',
    responsesProtocol,
    { tokens: [236, 13], finish: 'tool_calls', events: [3, 6, 11], answer: CALL },
  ],
  [
    'llama.cpp-b11549/responses-cut.sse',
    responsesProtocol,
    { tokens: [13, 6], finish: 'length', events: [3, undefined, 7], answer: CUT },
  ],
  [
    'ollama-0.17.4/api-chat-reasoning.ndjson',
    ollamaProtocol,
    { tokens: [13, 20], finish: 'stop', events: [0, 5, 16], answer: THOUGHT },
  ],
  [
    'ollama-0.17.4/api-chat-tool-call.ndjson',
    ollamaProtocol,
    { tokens: [145, 13], finish: 'tool_calls', events: [0, 3, 3], answer: CALL },
  ],
  [
    'ollama-0.17.4/chat-reasoning.sse',
    chatProtocol,
    { tokens: [13, 20], finish: 'stop', events: [0, 5, 16], answer: THOUGHT },
  ],
  [
    'ollama-0.17.4/chat-tool-call.sse',
    chatProtocol,
    { tokens: [145, 13], finish: 'tool_calls', events: [0, 3, 3], answer: CALL },
  ],
  [
    'ollama-0.17.4/completions.sse',
    completeProtocol,
    { tokens: [13, 20], finish: 'stop', events: [7, 7, 18], answer: { ...THOUGHT, reasoning: '' } },
  ],
  [
    'ollama-0.17.4/messages-tool-call.sse',
    anthropicProtocol,
    { tokens: [145, 13], finish: 'tool_calls', events: [2, 5, 6], answer: CALL },
  ],
  [
    'ollama-0.17.4/responses-tool-call.sse',
    responsesProtocol,
    { tokens: [145, 13], finish: 'tool_calls', events: [3, 8, 11], answer: CALL },
  ],
  [
    'ollama-0.17.4/responses-cut.sse',
    responsesProtocol,
    { tokens: [13, 6], finish: 'length', events: [3, undefined, 7], answer: CUT },
  ],
  [
    'mlx-lm-0.32.2/chat-reasoning.sse',
    chatProtocol,
    { tokens: [13, 20], finish: 'stop', events: [1, 6, 16], answer: THOUGHT },
  ],
  [
    'mlx-lm-0.32.2/chat-tool-call.sse',
    chatProtocol,
    {
      tokens: [236, 13],
      finish: 'stop',
      events: [2, 5, 11],
      answer: {
        text: '<tool_call>\n{"name": "weather", "arguments": {"city": "Berlin"}}\n</tool_call>',
        reasoning: 'need a call',
        calls: [],
      },
    },
  ],
];

/** Limits that answers reached, though the server calls these complete. */
const ASKED: Readonly<Record<string, number>> = { 'llama.cpp-b11549/responses-cut.sse': 6 };

describe('the answer of a real server', () => {
  for (const [file, protocol, reading] of table) {
    it(`is read as it was meant: ${file}`, () => {
      const exchange = replay(protocol, file, (event) => event * GAP, ASKED[file]);
      const { firstTokenAt, firstAnswerAt, lastTokenAt, toolCalls } = exchange;
      const { doubt, failure, done, usage, finishReason, text, reasoning } = exchange;
      assert.deepEqual([doubt, failure, done], [undefined, undefined, true]);
      assert.deepEqual(
        {
          tokens: [usage?.inputTokens, figuresOf(exchange).outputTokens],
          finish: finishReason,
          events: [firstTokenAt, firstAnswerAt, lastTokenAt].map((at) => (at === undefined ? at : at / GAP)),
          answer: {
            text,
            reasoning: reasoning.trim(),
            calls: toolCalls.map((call) => [call.name, JSON.stringify(JSON.parse(call.arguments))]),
          },
        },
        reading,
      );
    });
  }

  it('has its events counted where LitServe counts no token', () => {
    const exchange = replay(chatProtocol, 'litserve-0.2.19/chat.sse', (event) => event * GAP);
    const { doubt, finishReason, text } = exchange;
    assert.deepEqual([doubt, finishReason, text], ['no token beside text', 'stop', 'The sky is blue today.']);
    assert.deepEqual([figuresOf(exchange).outputTokens, figuresOf(exchange).tpot], [6, GAP]);
  });

  it('cannot be told from a whole one where LiteLLM hides that its upstream was cut', () => {
    const exchange = replay(chatProtocol, 'litellm-1.108.7/chat-upstream-cut.sse', (event) => event * GAP);
    const { doubt, failure, finishReason } = exchange;
    assert.deepEqual(
      [doubt, failure, finishReason, figuresOf(exchange).outputTokens],
      [undefined, undefined, 'stop', 5],
    );
  });

  it('has the tokens that llama.cpp told for each event', () => {
    const { chunkTokens } = replay(chatProtocol, 'llama.cpp-b10434/chat-timings.sse', (event) => event * GAP);
    assert.deepEqual(chunkTokens, [2, 1, 1, 4, 1, 1]);
  });

  it("gives Ollama's silent steps to the next output", () => {
    const { chunkTokens } = replay(completeProtocol, 'ollama-0.17.4/completions.sse', (event) => event * GAP);
    assert.deepEqual(chunkTokens, [8, ...Array.from({ length: 11 }, () => 1)]);
  });

  it('counts the step of an end that is an event of its own', () => {
    const exchange = replay(completeProtocol, 'llama.cpp-b10434/completions.sse', (event) => event * GAP);
    assert.deepEqual([figuresOf(exchange).outputTokens, figuresOf(exchange).tpot], [16, GAP]);
  });

  it('is a stream error where llama.cpp rejects half a character', () => {
    const { failure, done } = replay(chatProtocol, 'llama.cpp-b10434/completions-half-character.sse', () => 0);
    assert.deepEqual([failure?.kind, done], ['stream_error', false]);
    assert.match(failure?.message ?? '', /does not match the expected Content-only format/);
    const mended = replay(completeProtocol, 'llama.cpp-b11549/completions-half-character.sse', (event) => event * GAP);
    assert.deepEqual([figuresOf(mended).outputTokens, mended.finishReason], [12, 'length']);
  });
});
