import { readChatRequest } from './chat-request.js';
import type { Encoding, Protocol, Reply } from './protocol.js';

/** OpenAI's chat completions, with the events in the order and shape in which vLLM sends them. */
export const chatCompletions: Protocol = {
  path: '/v1/chat/completions',
  read(body) {
    const request = readChatRequest(body);
    return { ...request, encode: (reply) => encodingOf(request, reply) };
  },
};

interface Form {
  readonly model: string;
  readonly includeUsage: boolean;
  readonly continuousUsage: boolean;
}

/** Everything that does not change from event to event is joined once: a token costs a few concatenations. */
function encodingOf({ model, includeUsage, continuousUsage }: Form, reply: Reply): Encoding {
  const { id, created, promptTokens, answer } = reply;
  const identity = (object: string) =>
    `{"id":${JSON.stringify(id)},"object":"${object}","created":${created},"model":${JSON.stringify(model)},"choices":[`;
  const chunk = `data: ${identity('chat.completion.chunk')}`;
  const delta = `${chunk}{"index":0,"delta":`;
  const open = ',"logprobs":null,"finish_reason":null}]';
  const role = `${delta}{"role":"assistant","content":""}${open}`;
  const content = `${delta}{"content":`;
  const finish = `${delta}{},"logprobs":null,"finish_reason":"${answer.finishReason}"}]`;
  const tokens = answer.content();

  const usage = (completionTokens: number) =>
    `,"usage":{"prompt_tokens":${promptTokens},"completion_tokens":${completionTokens},"total_tokens":${promptTokens + completionTokens}}`;
  const running = (completionTokens: number) => (continuousUsage ? usage(completionTokens) : '');

  return {
    step(index, writtenAt) {
      const end = `,"written_at":${writtenAt}}\n\n`;
      const done = Math.min(index + 1, answer.completionTokens);
      let events = index === 0 ? role + running(0) + end : '';
      const token = tokens.next().value;
      if (token) events += `${content + token.json}}${open}${running(done)}${end}`;
      if (index + 1 === answer.steps) {
        events += finish + running(done) + end;
        if (includeUsage) events += `${chunk}]${usage(done)}${end}`;
        events += 'data: [DONE]\n\n';
      }
      return events;
    },
    whole(writtenAt) {
      const text = Array.from(answer.content(), (token) => token.text).join('');
      const message = `{"role":"assistant","content":${JSON.stringify(text)}}`;
      return (
        `${identity('chat.completion')}{"index":0,"message":${message},"logprobs":null,` +
        `"finish_reason":"${answer.finishReason}"}]${usage(answer.completionTokens)},"written_at":${writtenAt}}`
      );
    },
  };
}
