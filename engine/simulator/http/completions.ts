import { textsOf } from '../text/chunks.js';
import { plainPrompts } from '../text/conversation-text.js';
import { count, invalid, readBody, readSampling, readStreamOptions, rejectSeveralChoices } from './request-fields.js';
import type { Encoding, Protocol, Reply } from './simulated-protocol.js';

/** OpenAI's legacy completions, as vLLM streams them. */
export const completions: Protocol = {
  path: '/v1/completions',
  read(given) {
    const body = readBody(given);
    rejectSeveralChoices(body);
    const sampling = readSampling(body);
    const [prompt, ...more] = plainPrompts(body, 'prompt');
    if (!prompt || more.length > 0) throw invalid('prompt', 'must be one prompt', body.prompt);
    const form = { model: sampling.model, ...readStreamOptions(body) };
    return {
      ...sampling,
      prompt: prompt.text,
      promptTokens: prompt.tokens,
      maxTokens: count(body, 'max_tokens'),
      encode: (reply) => encodingOf(form, reply),
    };
  },
};

interface Form {
  readonly model: string;
  readonly includeUsage: boolean;
  readonly continuousUsage: boolean;
}

function encodingOf({ model, includeUsage, continuousUsage }: Form, reply: Reply): Encoding {
  const { id, created, promptTokens, answer } = reply;
  const identity =
    `{"id":"cmpl-${id}","object":"text_completion","created":${created},` +
    `"model":${JSON.stringify(model)},"choices":[`;
  const usage = (completionTokens: number) =>
    `,"usage":{"prompt_tokens":${promptTokens},"completion_tokens":${completionTokens},"total_tokens":${promptTokens + completionTokens}}`;
  const choice = (json: string, reason: string | null) =>
    `${identity}{"index":0,"text":${json},"logprobs":null,"finish_reason":${JSON.stringify(reason)}}]`;
  const tokens = answer.content();

  return {
    step(index, writtenAt) {
      const end = `,"written_at":${writtenAt}}\n\n`;
      const done = Math.min(index + 1, answer.completionTokens);
      const running = continuousUsage ? usage(done) : '';
      const last = index + 1 === answer.steps;
      const token = tokens.next().value;
      let events = '';
      // The reason comes with the last text, not in an event of its own.
      if (token || last) {
        events += `data: ${choice(token?.json ?? '""', last ? answer.finishReason : null)}${running}${end}`;
      }
      if (last && includeUsage) events += `data: ${identity}]${usage(done)}${end}`;
      return last ? `${events}data: [DONE]\n\n` : events;
    },
    whole: (writtenAt) =>
      `${choice(JSON.stringify(textsOf(answer).content), answer.finishReason)}` +
      `${usage(answer.completionTokens)},"written_at":${writtenAt}}`,
  };
}
