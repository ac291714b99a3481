import { appendToolCall, type Exchange, recordFinish, recordOutput } from '../exchange.js';
import { recordCounts, sumOf, tokensNow } from './counts.js';
import { objectIn, objectsIn, textIn } from './fields.js';
import { type GeminiBody, geminiContents, geminiTools } from './gemini-request.js';
import { GENERATION } from './generation-fields.js';
import { choiceOf } from './openai.js';
import type { Protocol } from './protocol.js';
import { readEvent } from './wire-event.js';

/** Fields of an event that are read. An answer in one piece is a single event. */
interface GeminiEvent {
  readonly candidates?: readonly Candidate[] | null;
  readonly promptFeedback?: { readonly blockReason?: unknown } | null;
  readonly usageMetadata?: GeminiUsage | null;
}

interface Candidate {
  readonly index?: number;
  readonly content?: { readonly parts?: readonly Part[] | null } | null;
  readonly finishReason?: unknown;
}

interface Part {
  readonly text?: unknown;
  readonly thought?: unknown;
  readonly functionCall?: { readonly id?: unknown; readonly name?: unknown; readonly args?: unknown } | null;
}

interface GeminiUsage {
  readonly promptTokenCount?: unknown;
  readonly candidatesTokenCount?: unknown;
  readonly thoughtsTokenCount?: unknown;
  readonly cachedContentTokenCount?: unknown;
}

/** Finish reasons, in OpenAI's terms. */
const REASONS: Readonly<Record<string, string>> = {
  STOP: 'stop',
  MAX_TOKENS: 'length',
  SAFETY: 'content_filter',
  PROHIBITED_CONTENT: 'content_filter',
};

/** Google's Gemini API. Model and streaming are in the path. */
export const geminiProtocol: Protocol<GeminiBody> = {
  path: '/v1beta/models/{model}:streamGenerateContent?alt=sse',
  wholePath: '/v1beta/models/{model}:generateContent',
  below: 'root',
  stream: 'events',
  models: '/v1beta/models',
  fields: ['messages', ...GENERATION, 'stop', 'seed', 'tools', 'toolChoice', 'responseFormat'],
  probe: { messages: 'Hi', maxTokens: 1 },

  headers({ authorization, ...rest }) {
    const key = /^Bearer (.*)$/.exec(authorization ?? '')?.[1];
    return {
      ...rest,
      ...(key && { 'x-goog-api-key': key }),
      // Gateways often know bearer tokens only; Google takes its own API keys for none.
      ...(authorization && !key?.startsWith('AIza') && { authorization }),
    };
  },

  encode(request) {
    const { stop, extraBody, responseFormat } = request;
    return JSON.stringify({
      ...geminiContents(request.messages),
      ...geminiTools(request),
      ...extraBody,
      generationConfig: {
        maxOutputTokens: request.maxTokens,
        temperature: request.temperature,
        topP: request.topP,
        stopSequences: typeof stop === 'string' ? [stop] : stop,
        seed: request.seed,
        ...(responseFormat && responseFormat.type !== 'text' && { responseMimeType: 'application/json' }),
        ...(responseFormat?.type === 'json_schema' && { responseJsonSchema: responseFormat.json_schema.schema }),
        ...(extraBody?.generationConfig as object | undefined),
      },
    });
  },

  decode(event, at, exchange) {
    const body = readEvent<GeminiEvent>(event, exchange);
    if (!body) return;
    const candidate = choiceOf(objectsIn(body.candidates, 'candidates'), exchange);
    const isTold = recordUsage(body.usageMetadata, exchange);
    if (candidate) recordCandidate(candidate, at, isTold, exchange);
    // No event marks the end. One with a finish reason and counts is the last.
    if (exchange.finishReason !== undefined && isTold) exchange.done = true;
    const blocked = textIn(body.promptFeedback?.blockReason, 'promptFeedback.blockReason');
    if (blocked) exchange.failure = { kind: 'stream_error', message: `the prompt was blocked: ${blocked}` };
  },
};

function recordCandidate({ content, finishReason }: Candidate, at: number, isTold: boolean, exchange: Exchange): void {
  let [text, reasoning, called] = ['', '', ''];
  const said = objectIn(content, 'candidates[0].content', exchange);
  for (const part of objectsIn(said?.parts, 'candidates[0].content.parts')) {
    const piece = textIn(part.text, 'candidates[0].content.parts[].text');
    if (part.thought === true) reasoning += piece;
    else text += piece;
    const call = objectIn(part.functionCall, 'candidates[0].content.parts[].functionCall', exchange);
    if (call) called += recordCall(call, exchange);
  }
  exchange.text += text;
  exchange.reasoning += reasoning;
  if (exchange.streamed) {
    exchange.firstChunkAt ??= at;
    const kind = text !== '' ? 'text' : called !== '' ? 'tool' : 'reasoning';
    const piece = text || called || reasoning;
    if (piece !== '') recordOutput(exchange, at, tokensNow(isTold, exchange), kind, piece);
  }
  const reason = textIn(finishReason, 'candidates[0].finishReason');
  if (reason === '') return;
  const isCall = reason === 'STOP' && exchange.toolCalls.length > 0;
  recordFinish(exchange, isCall ? 'tool_calls' : (REASONS[reason] ?? reason), at);
}

/** Records a tool call, which comes whole. Returns the JSON of its arguments. */
function recordCall({ id, name, args }: NonNullable<Part['functionCall']>, exchange: Exchange): string {
  const text = JSON.stringify(args ?? {});
  appendToolCall(exchange, exchange.toolCalls.length, {
    id: textIn(id, 'functionCall.id'),
    name: textIn(name, 'functionCall.name'),
    arguments: text,
  });
  return text;
}

/** Records the counts so far. Returns true where the event has one of output. */
function recordUsage(usage: GeminiUsage | null | undefined, exchange: Exchange): boolean {
  if (!usage) return false;
  const { promptTokenCount: input, candidatesTokenCount: output, thoughtsTokenCount: reasoning } = usage;
  const all = sumOf(output, reasoning);
  recordCounts({ input, output: all, reasoning, cached: usage.cachedContentTokenCount }, exchange);
  return all !== undefined;
}
