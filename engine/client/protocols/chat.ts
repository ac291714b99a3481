import { appendToolCall, type Exchange, recordFinish, recordOutput } from '../exchange.js';
import { readMessages } from './chat-messages.js';
import { contentIn, reasoningIn } from './content-parts.js';
import { tokensNow } from './counts.js';
import { encodingOf } from './encoded-messages.js';
import { objectIn, objectsIn, textIn } from './fields.js';
import { type ConversationBody, GENERATION, type ResponseFormat, type ToolChoice } from './generation-fields.js';
import {
  type CountedChoice,
  type CountedEvent,
  choiceOf,
  type OpenAiGeneration,
  reasonOf,
  recordUsage,
  refuseSeveral,
  usageOption,
} from './openai.js';
import { isStreamed, type Protocol } from './protocol.js';
import { readEvent } from './wire-event.js';

/** Request body of `chat`. */
export interface ChatBody extends ConversationBody, OpenAiGeneration {
  /** Use of the tools. Default: the model's choice. */
  readonly toolChoice?: ToolChoice | undefined;
  /** Required form of the answer, such as JSON of a schema. */
  readonly responseFormat?: ResponseFormat | undefined;
}

/** Fields read of a `chat.completion.chunk` or `chat.completion`. Servers differ in all of them. */
interface ChatChunk extends CountedEvent {
  readonly choices?: readonly ChatChoice[] | null;
}

interface ChatChoice extends CountedChoice {
  /** Present in a stream. */
  readonly delta?: ChatDelta | null;
  /** Present in an answer in one piece, or in one event. */
  readonly message?: ChatDelta | null;
}

interface ChatDelta {
  /** A text, or a list of parts, thinking among them. */
  readonly content?: unknown;
  readonly refusal?: unknown;
  /** Reasoning, named differently by servers. Some send it under two names at once. */
  readonly reasoning_content?: unknown;
  readonly reasoning?: unknown;
  readonly reasoning_text?: unknown;
  readonly thinking?: unknown;
  readonly reasoning_details?: unknown;
  readonly thinking_blocks?: unknown;
  readonly tool_calls?: readonly ToolCallDelta[] | null;
  /** Tool call of the API before there could be several. */
  readonly function_call?: ToolCallDelta['function'];
}

interface ToolCallDelta {
  readonly index?: number;
  readonly id?: unknown;
  readonly function?: { readonly name?: unknown; readonly arguments?: unknown } | null;
}

/** OpenAI's Chat Completions API. */
export const chatProtocol: Protocol<ChatBody> = {
  path: '/chat/completions',
  below: 'base',
  stream: 'events',
  models: '/models',
  fields: ['messages', ...GENERATION, 'stop', 'seed', 'tools', 'toolChoice', 'responseFormat'],
  probe: { messages: 'Hi', maxTokens: 1 },

  encode(request, model, askUsage, limitField) {
    refuseSeveral('chat', request.extraBody);
    const encoded = encodingOf(request.messages);
    const { maxTokens } = request;
    const streamed = isStreamed(chatProtocol, request);
    // Always the same fields in the same order: an object put together from parts takes ten times as long.
    const body = {
      messages: encoded ? undefined : readMessages('chat', request.messages),
      model,
      stream: streamed,
      stream_options: usageOption(streamed, askUsage),
      max_tokens: limitField === 'max_completion_tokens' ? undefined : maxTokens,
      max_completion_tokens: limitField === 'max_completion_tokens' ? maxTokens : undefined,
      temperature: request.temperature,
      top_p: request.topP,
      stop: request.stop,
      seed: request.seed,
      tools: request.tools,
      tool_choice: request.toolChoice,
      response_format: request.responseFormat,
    };
    const text = JSON.stringify(request.extraBody ? { ...body, ...request.extraBody } : body);
    return encoded ? encoded.close(text.slice(1)) : text;
  },

  decode(event, at, exchange) {
    const chunk = readEvent<ChatChunk>(event, exchange);
    if (!chunk) return;
    const choice = choiceOf(chunk.choices, exchange);
    const told = recordUsage(chunk, choice, exchange);
    if (!choice) {
      if (exchange.streamed && hasChoice(chunk.choices)) exchange.firstChunkAt ??= at;
      return;
    }
    const isFirst = exchange.firstChunkAt === undefined;
    if (exchange.streamed) exchange.firstChunkAt ??= at;
    const known = exchange.chunkAt.length;
    const delta = exchange.streamed
      ? (objectIn(choice.delta, 'choices[0].delta', exchange) ?? messageOf(choice, exchange))
      : objectIn(choice.message, 'choices[0].message', exchange);
    if (delta) recordDelta(delta, at, told, exchange);
    const reason = reasonOf(choice);
    if (reason) recordFinish(exchange, reason, at);
    else if (exchange.chunkAt.length === known && !isFirst) exchange.silentSteps.push(known);
  },
};

/**
 * New part of a stream's message. Gateways before servers that do not stream send one event with all; some servers
 * send messages in place of deltas, or repeat the whole beside them.
 */
function messageOf({ message }: ChatChoice, exchange: Exchange): ChatDelta | undefined {
  if (exchange.firstTokenAt !== undefined && exchange.messages === 'none') return undefined;
  const whole = objectIn(message, 'choices[0].message', exchange);
  if (!whole) return undefined;
  const { text, reasoning, toolCalls } = exchange;
  const said = whole.content;
  if (exchange.messages === 'first' && typeof said === 'string' && said !== '' && said !== text) {
    exchange.messages = said.startsWith(text) ? 'all' : 'parts';
  } else if (exchange.messages === 'none') exchange.messages = 'first';
  if (exchange.messages === 'parts') return whole;
  return {
    ...whole,
    content: newIn(said, text),
    reasoning_content: newIn(thought(whole), reasoning),
    tool_calls: toolCalls.length === 0 ? (whole.tool_calls ?? null) : null,
  };
}

/** Part of a text that was not said before. Anything else is returned as it is. */
function newIn(said: unknown, before: string): unknown {
  return typeof said === 'string' && said.startsWith(before) ? said.slice(before.length) : said;
}

/** True for a list with any choice. */
function hasChoice(choices: ChatChunk['choices']): boolean {
  return Array.isArray(choices) && choices.some((choice: unknown) => typeof choice === 'object' && choice !== null);
}

/** Reasoning of a delta, under the first of its names. */
function thought(delta: ChatDelta): unknown {
  return (
    delta.reasoning_content ||
    delta.reasoning ||
    delta.reasoning_text ||
    delta.thinking ||
    delta.reasoning_details ||
    delta.thinking_blocks
  );
}

function recordDelta(delta: ChatDelta, at: number, told: boolean, exchange: Exchange): void {
  const said = contentIn(delta.content, 'choices[0].delta.content');
  const content = said.text || textIn(delta.refusal, 'choices[0].delta.refusal');
  const reasoning = said.reasoning || reasoningIn(thought(delta), 'choices[0].delta.reasoning');
  const called = recordCalls(delta, exchange);
  exchange.text += content;
  exchange.reasoning += reasoning;
  if (!exchange.streamed || (content === '' && called === undefined && reasoning === '')) return;
  const tokens = tokensNow(told, exchange);
  if (content !== '') recordOutput(exchange, at, tokens, 'text', content);
  else if (called !== undefined) recordOutput(exchange, at, tokens, 'tool', called);
  else recordOutput(exchange, at, tokens, 'reasoning', reasoning);
}

/** Appends pieces of tool calls and returns the arguments they add. Undefined without a piece. */
function recordCalls({ tool_calls: calls, function_call: single }: ChatDelta, exchange: Exchange): string | undefined {
  const pieces = objectsIn(calls, 'choices[0].delta.tool_calls');
  if (pieces.length === 0 && !single) return undefined;
  let added = '';
  for (const { index, id, function: given } of single ? [{ index: 0, id: '', function: single }] : pieces) {
    const { toolCalls } = exchange;
    const piece = objectIn(given, 'choices[0].delta.tool_calls[].function', exchange);
    const name = textIn(piece?.name, 'choices[0].delta.tool_calls[].function.name');
    // Some servers do not number calls: a piece with a name then begins one, and any other belongs to the latest.
    const key = index ?? (name ? `#${toolCalls.length}` : toolCalls.at(-1)?.key);
    const text = argumentsIn(piece?.arguments);
    appendToolCall(exchange, key, { id: textIn(id, 'choices[0].delta.tool_calls[].id'), name, arguments: text });
    added += text;
  }
  return added;
}

/** Arguments as text. Some servers send them as an object. */
function argumentsIn(value: unknown): string {
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  return textIn(value, 'choices[0].delta.tool_calls[].function.arguments');
}
