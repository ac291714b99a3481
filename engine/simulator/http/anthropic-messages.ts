import { type AnswerToken, textsOf, tokensOfAnswer } from '../text/chunks.js';
import { contentText, conversationText } from '../text/conversation-text.js';
import { count, invalid, readBody, readSampling, stopStrings } from './request-fields.js';
import type { Encoding, Protocol, Reply } from './simulated-protocol.js';
import { readCalling } from './tools.js';

/** Stop reasons of Anthropic's API. */
const REASONS = { stop: 'end_turn', length: 'max_tokens', tool_calls: 'tool_use' } as const;

/** Types of Anthropic's error objects. */
const ERRORS: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  404: 'not_found_error',
  413: 'request_too_large',
};

/** Anthropic's Messages API. */
export const messages: Protocol = {
  path: '/v1/messages',
  read(given) {
    const body = readBody(given);
    const sampling = readSampling(body);
    const maxTokens = count(body, 'max_tokens');
    if (maxTokens === undefined) throw invalid('max_tokens', 'must be there', undefined);
    const said = [contentText(body.system, 'system'), conversationText(body.messages)];
    return {
      ...sampling,
      prompt: said.filter((text) => text !== '').join('\n'),
      maxTokens,
      stop: stopStrings(body.stop_sequences, 'stop_sequences'),
      calling: readCalling(body),
      reasons: true,
      encode: (reply) => encodingOf(sampling.model, reply),
    };
  },
  refusal: ({ status, message }) => {
    return { type: 'error', error: { type: ERRORS[status] ?? 'invalid_request_error', message } };
  },
};

/** First block and delta of each kind of content. */
const DELTAS: Readonly<Record<AnswerToken['kind'], string>> = {
  reasoning: '{"type":"thinking_delta","thinking":',
  text: '{"type":"text_delta","text":',
  arguments: '{"type":"input_json_delta","partial_json":',
};

function encodingOf(model: string, { id, promptTokens, answer }: Reply): Encoding {
  const tool = { type: 'tool_use', id: `toolu_${id}`, name: answer.tool?.name, input: {} };
  const blocks: Readonly<Record<AnswerToken['kind'], unknown>> = {
    reasoning: { type: 'thinking', thinking: '', signature: '' },
    text: { type: 'text', text: '' },
    arguments: tool,
  };
  const reason = REASONS[answer.finishReason];
  const message = (content: readonly unknown[], stop_reason: string | null, output_tokens: number) => ({
    id: `msg_${id}`,
    type: 'message',
    role: 'assistant',
    model,
    content,
    stop_reason,
    stop_sequence: null,
    usage: { input_tokens: promptTokens, output_tokens },
  });
  const event = (type: string, fields: object) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...fields }).slice(0, -1)}`;
  const pieces = tokensOfAnswer(answer);
  let index = -1;

  return {
    step(step, writtenAt) {
      const end = `,"written_at":${writtenAt}}\n\n`;
      let events = '';
      if (step === 0)
        events += event('message_start', { message: message([], null, 1) }) + end + event('ping', {}) + end;
      const piece = pieces.next().value;
      if (piece) {
        if (piece.opens) index += 1;
        if (piece.opens) events += event('content_block_start', { index, content_block: blocks[piece.kind] }) + end;
        events +=
          'event: content_block_delta\ndata: {"type":"content_block_delta","index":' +
          `${index},"delta":${DELTAS[piece.kind]}${piece.json}}${end}`;
        if (piece.closes) events += event('content_block_stop', { index }) + end;
      }
      if (step + 1 === answer.steps) {
        const usage = { output_tokens: answer.completionTokens };
        events += event('message_delta', { delta: { stop_reason: reason, stop_sequence: null }, usage }) + end;
        events += event('message_stop', {}) + end;
      }
      return events;
    },
    whole(writtenAt) {
      const { reasoning, content } = textsOf(answer);
      const blocksOfAnswer = [
        ...(reasoning === '' ? [] : [{ type: 'thinking', thinking: reasoning, signature: '' }]),
        ...(answer.tool ? [{ ...tool, input: inputOf(content) }] : [{ type: 'text', text: content }]),
      ];
      const body = message(blocksOfAnswer, reason, answer.completionTokens);
      return JSON.stringify({ ...body, written_at: Number(writtenAt) });
    },
  };
}

/** Arguments as an object; empty for those of a truncated answer. */
function inputOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return {};
  }
}
