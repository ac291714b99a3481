import { textsOf, tokensOfAnswer } from '../text/chunks.js';
import { conversationText } from '../text/conversation-text.js';
import { count, flag, invalid, isRecord, readBody, readSampling } from './request-fields.js';
import type { Encoding, Protocol, Reply } from './simulated-protocol.js';
import { readCalling } from './tools.js';

/** Ollama's own chat API: a line of JSON for each token. Tool calls come whole, in one line. */
export const ollamaChat: Protocol = {
  path: '/api/chat',
  read(given) {
    const body = readBody(given);
    const options = body.options ?? {};
    if (!isRecord(options)) throw invalid('options', 'must be an object', options);
    const { seed, stop } = options;
    const sampling = readSampling({ ...body, seed, stop, ignore_eos: options.ignore_eos });
    return {
      ...sampling,
      stream: body.stream === undefined || flag(body, 'stream'),
      prompt: conversationText(body.messages),
      maxTokens: count(options, 'num_predict', 'options.num_predict'),
      calling: readCalling({ tools: body.tools }),
      reasons: true,
      encode: (reply) => encodingOf(sampling.model, reply),
    };
  },
  refusal: ({ message }) => ({ error: message }),
};

function encodingOf(model: string, { created, promptTokens, answer, times }: Reply): Encoding {
  const head = `{"model":${JSON.stringify(model)},"created_at":"${new Date(created * 1000).toISOString()}","message":`;
  // Ollama has no stop reason for tool calls.
  const reason = answer.finishReason === 'length' ? 'length' : 'stop';
  const tail = (writtenAt: string) => {
    const { askedAt, firstAt = askedAt } = times;
    const prompt = nanoseconds(firstAt - askedAt);
    const answering = nanoseconds(Number(writtenAt) - firstAt);
    return (
      `,"done":true,"done_reason":"${reason}","total_duration":${prompt + answering},"load_duration":0,` +
      `"prompt_eval_count":${promptTokens},"prompt_eval_duration":${prompt},` +
      `"eval_count":${answer.completionTokens},"eval_duration":${answering}`
    );
  };
  const calls = () => {
    const { content } = textsOf(answer);
    return `"tool_calls":[{"function":{"name":${JSON.stringify(answer.tool?.name)},"arguments":${content}}}]`;
  };
  const pieces = tokensOfAnswer(answer);

  return {
    streamType: 'application/x-ndjson',
    step(index, writtenAt) {
      times.firstAt ??= Number(writtenAt);
      const end = `,"written_at":${writtenAt}}\n`;
      const piece = pieces.next().value;
      let lines = '';
      if (piece?.kind === 'text') lines += `${head}{"role":"assistant","content":${piece.json}},"done":false${end}`;
      if (piece?.kind === 'reasoning') {
        lines += `${head}{"role":"assistant","content":"","thinking":${piece.json}},"done":false${end}`;
      }
      // A truncated call is not valid JSON, so it is not sent at all.
      if (piece?.kind === 'arguments' && piece.closes && answer.finishReason === 'tool_calls') {
        lines += `${head}{"role":"assistant","content":"",${calls()}},"done":false${end}`;
      }
      if (index + 1 === answer.steps) lines += `${head}{"role":"assistant","content":""}${tail(writtenAt)}${end}`;
      return lines;
    },
    whole(writtenAt) {
      const { reasoning, content } = textsOf(answer);
      const thought = reasoning === '' ? '' : `,"thinking":${JSON.stringify(reasoning)}`;
      const called = answer.finishReason === 'tool_calls' ? `,${calls()}` : '';
      const said = answer.tool ? '""' : JSON.stringify(content);
      return `${head}{"role":"assistant","content":${said}${thought}${called}}${tail(writtenAt)},"written_at":${writtenAt}}`;
    },
  };
}

/** Duration in nanoseconds, at least one. */
function nanoseconds(ms: number): number {
  return Math.max(1, Math.round(ms * 1e6));
}
