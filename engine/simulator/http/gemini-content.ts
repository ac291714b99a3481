import { textsOf, tokensOfAnswer } from '../text/chunks.js';
import { ApiError } from './api-error.js';
import { count, invalid, isRecord, readBody, readSampling } from './request-fields.js';
import type { Encoding, Protocol, Reply } from './simulated-protocol.js';
import { type Calling, readCalling } from './tools.js';

const PATH = /^\/v1beta\/models\/([^/]+):(stream)?[gG]enerateContent$/;

/** Google's Gemini API. The path names the model and says whether to stream. */
export const geminiContent: Protocol = {
  path: PATH,
  read(given, { path }) {
    const [, name = '', stream] = PATH.exec(path) ?? [];
    const body = readBody(given);
    const config = body.generationConfig ?? {};
    if (!isRecord(config)) throw invalid('generationConfig', 'must be an object', config);
    const { seed, stopSequences: stop } = config;
    const model = decodeURIComponent(name);
    return {
      ...readSampling({ model, seed, stop, stream: stream !== undefined }),
      prompt: contentsText(body.contents),
      maxTokens: count(config, 'maxOutputTokens', 'generationConfig.maxOutputTokens'),
      calling: callingOf(body.tools, body.toolConfig),
      reasons: true,
      encode: (reply) => encodingOf(model, reply),
    };
  },
  refusal: ({ status, message }) => ({ error: { code: status, message, status: 'INVALID_ARGUMENT' } }),
};

/** Text of a conversation; all but texts is ignored. */
function contentsText(contents: unknown): string {
  if (!Array.isArray(contents)) throw invalid('contents', 'must be an array', contents);
  if (contents.length === 0) throw new ApiError(400, '`contents` must not be empty.', { param: 'contents' });
  const texts = contents.map((content: unknown, i) => {
    if (!isRecord(content)) throw invalid(`contents[${i}]`, 'must be an object', content);
    if (!Array.isArray(content.parts)) throw invalid(`contents[${i}].parts`, 'must be an array', content.parts);
    return content.parts.map((part: unknown) => (isRecord(part) && typeof part.text === 'string' ? part.text : ''));
  });
  return texts.flat().join('\n');
}

function callingOf(tools: unknown, config: unknown): Calling | undefined {
  const declared = Array.isArray(tools) && isRecord(tools[0]) ? tools[0].functionDeclarations : undefined;
  const calling = isRecord(config) && isRecord(config.functionCallingConfig) ? config.functionCallingConfig : {};
  const [name] = Array.isArray(calling.allowedFunctionNames) ? (calling.allowedFunctionNames as unknown[]) : [];
  const mode = calling.mode === 'ANY' ? 'required' : calling.mode === 'NONE' ? 'none' : 'auto';
  return readCalling({ tools: declared, tool_choice: name === undefined ? mode : { name } });
}

function encodingOf(model: string, { promptTokens, answer }: Reply): Encoding {
  const end = (writtenAt: string) => `,"modelVersion":${JSON.stringify(model)},"written_at":${writtenAt}}`;
  const usage = (tokens: number) =>
    `,"usageMetadata":{"promptTokenCount":${promptTokens},"candidatesTokenCount":${tokens},"totalTokenCount":${promptTokens + tokens}}`;
  // Gemini has no finish reason for tool calls.
  const finish = `,"finishReason":"${answer.finishReason === 'length' ? 'MAX_TOKENS' : 'STOP'}"`;
  const candidate = (parts: string, reason: string) =>
    `{"candidates":[{"content":{"parts":[${parts}],"role":"model"}${reason},"index":0}]`;
  const call = () => {
    const args = textsOf(answer).content;
    return `{"functionCall":{"name":${JSON.stringify(answer.tool?.name)},"args":${args}}}`;
  };
  const pieces = tokensOfAnswer(answer);

  return {
    step(index, writtenAt) {
      const piece = pieces.next().value;
      const last = index + 1 === answer.steps;
      const done = Math.min(index + 1, answer.completionTokens);
      let part = '';
      if (piece?.kind === 'text') part = `{"text":${piece.json}}`;
      if (piece?.kind === 'reasoning') part = `{"text":${piece.json},"thought":true}`;
      // A truncated call is not valid JSON, so it is not sent at all.
      if (piece?.kind === 'arguments' && piece.closes && answer.finishReason === 'tool_calls') part = call();
      if (part === '' && !last) return '';
      return `data: ${candidate(part || '{"text":""}', last ? finish : '')}${usage(done)}${end(writtenAt)}\r\n\r\n`;
    },
    whole(writtenAt) {
      const { reasoning, content } = textsOf(answer);
      const parts = [
        ...(reasoning === '' ? [] : [`{"text":${JSON.stringify(reasoning)},"thought":true}`]),
        ...(answer.tool ? [] : [`{"text":${JSON.stringify(content)}}`]),
        ...(answer.finishReason === 'tool_calls' ? [call()] : []),
      ];
      return `${candidate(parts.join(','), finish)}${usage(answer.completionTokens)}${end(writtenAt)}`;
    },
  };
}
