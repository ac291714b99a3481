import { type AnswerToken, textsOf, tokensOfAnswer } from '../text/chunks.js';
import { readChatRequest } from './chat-request.js';
import type { Encoding, Protocol, Reply } from './simulated-protocol.js';

/** OpenAI's chat completions, with events in vLLM's order and shape. */
export const chatCompletions: Protocol = {
  path: '/v1/chat/completions',
  read(body) {
    const request = readChatRequest(body);
    return { ...request, reasons: true, encode: (reply) => encodingOf(request, reply) };
  },
};

interface Form {
  readonly model: string;
  readonly includeUsage: boolean;
  readonly continuousUsage: boolean;
}

/** Encoder of one reply. Constant parts of events are joined once: a token costs a few concatenations. */
function encodingOf({ model, includeUsage, continuousUsage }: Form, reply: Reply): Encoding {
  const { id, created, promptTokens, answer, reasoningField, times } = reply;
  const identity = (object: string) =>
    `{"id":"chatcmpl-${id}","object":"${object}","created":${created},"model":${JSON.stringify(model)},"choices":[`;
  const chunk = `data: ${identity('chat.completion.chunk')}`;
  const delta = `${chunk}{"index":0,"delta":`;
  const open = ',"logprobs":null,"finish_reason":null}]';
  const role = `${delta}{"role":"assistant","content":""}${open}`;
  const finish = `${delta}{},"logprobs":null,"finish_reason":"${answer.finishReason}"}]`;
  const call = `"id":"call_${id}","type":"function","function":{"name":${JSON.stringify(answer.tool?.name)},`;
  const pieces = tokensOfAnswer(answer);

  const details = () =>
    times.cachedTokens === undefined ? '' : `,"prompt_tokens_details":{"cached_tokens":${times.cachedTokens}}`;
  const usage = (completionTokens: number) =>
    `,"usage":{"prompt_tokens":${promptTokens},"completion_tokens":${completionTokens},"total_tokens":${promptTokens + completionTokens}${details()}}`;
  const running = (completionTokens: number) => (continuousUsage ? usage(completionTokens) : '');

  const fields = ({ kind, opens, json }: AnswerToken) => {
    if (kind === 'text') return `{"content":${json}}`;
    if (kind === 'reasoning') return `{"${reasoningField}":${json}}`;
    return `{"tool_calls":[{"index":0,${opens ? call : '"function":{'}"arguments":${json}}}]}`;
  };

  return {
    step(index, writtenAt) {
      const end = `,"written_at":${writtenAt}}\n\n`;
      const done = Math.min(index + 1, answer.completionTokens);
      let events = index === 0 ? role + running(0) + end : '';
      const piece = pieces.next().value;
      if (piece) events += `${delta}${fields(piece)}${open}${running(done)}${end}`;
      if (index + 1 === answer.steps) {
        events += finish + running(done) + end;
        if (includeUsage) events += `${chunk}]${usage(done)}${end}`;
        events += 'data: [DONE]\n\n';
      }
      return events;
    },
    whole(writtenAt) {
      const { reasoning, content } = textsOf(answer);
      const thought = reasoning === '' ? '' : `,"${reasoningField}":${JSON.stringify(reasoning)}`;
      const said = answer.tool
        ? `null,"tool_calls":[{${call}"arguments":${JSON.stringify(content)}}}]`
        : JSON.stringify(content);
      const message = `{"role":"assistant"${thought},"content":${said}}`;
      return (
        `${identity('chat.completion')}{"index":0,"message":${message},"logprobs":null,` +
        `"finish_reason":"${answer.finishReason}"}]${usage(answer.completionTokens)},"written_at":${writtenAt}}`
      );
    },
  };
}
