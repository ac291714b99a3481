import { type Exchange, noteOutput, noteToolCall } from '../exchange.js';
import { templateOf } from '../sse/event-template.js';
import { readMessages } from './chat-messages.js';
import { type ConversationBody, GENERATION, type ResponseFormat, type ToolChoice } from './generation-fields.js';
import { noteUsage, type OpenAiGeneration, type OpenAiUsage, openAiGeneration, refuseSeveral } from './openai.js';
import { isStreamed, type Protocol } from './protocol.js';
import { readEvent } from './wire-event.js';

/** Request body of `chat`. */
export interface ChatBody extends ConversationBody, OpenAiGeneration {
  readonly toolChoice?: ToolChoice | undefined;
  readonly responseFormat?: ResponseFormat | undefined;
}

/** Fields read of a `chat.completion.chunk` or `chat.completion`. Servers differ in all of them. */
interface ChatChunk {
  readonly choices?: readonly ChatChoice[] | null;
  readonly usage?: OpenAiUsage | null;
}

interface ChatChoice {
  /** Present in a stream. */
  readonly delta?: ChatDelta | null;
  /** Present in an answer in one piece. */
  readonly message?: ChatDelta | null;
  readonly finish_reason?: string | null;
}

interface ChatDelta {
  readonly content?: string | null;
  readonly refusal?: string | null;
  readonly reasoning_content?: string | null;
  readonly reasoning?: string | null;
  readonly tool_calls?: readonly ToolCallDelta[] | null;
}

interface ToolCallDelta {
  readonly index?: number;
  readonly id?: string | null;
  readonly function?: { readonly name?: string | null; readonly arguments?: string | null } | null;
}

/** OpenAI's Chat Completions API. */
export const chatProtocol: Protocol<ChatBody> = {
  path: '/chat/completions',
  below: 'base',
  stream: 'events',
  models: '/models',
  fields: ['messages', ...GENERATION, 'stop', 'seed', 'tools', 'toolChoice', 'responseFormat'],
  probe: { messages: 'Hi', maxTokens: 1 },

  encode(request, model, askUsage) {
    refuseSeveral('chat', request.extraBody);
    return JSON.stringify({
      model,
      messages: readMessages('chat', request.messages),
      ...openAiGeneration(request, isStreamed(chatProtocol, request), askUsage),
      tools: request.tools,
      tool_choice: request.toolChoice,
      response_format: request.responseFormat,
      ...request.extraBody,
    });
  },

  decode(event, at, exchange) {
    const chunk = readEvent<ChatChunk>(event, exchange);
    if (!chunk) return;
    const tokens = noteUsage(chunk.usage, exchange);
    const choice = chunk.choices?.[0];
    if (!choice) return;
    if (exchange.streamed) exchange.firstChunkAt ??= at;
    const delta = exchange.streamed ? choice.delta : choice.message;
    if (delta) noteDelta(delta, at, tokens, exchange);
    if (choice.finish_reason) exchange.finishReason = choice.finish_reason;
    else if (!exchange.template && delta?.content && isPlain(delta) && !chunk.usage && exchange.streamed) {
      exchange.template = templateOf(event.data, 'content', delta.content, textOf);
    }
  },
};

/** Extracts the text of an event for the template. */
function textOf(event: unknown): string | null | undefined {
  return (event as ChatChunk).choices?.[0]?.delta?.content;
}

/** True for a delta with no output besides its content. */
function isPlain({ refusal, reasoning, reasoning_content: thought, tool_calls: calls }: ChatDelta): boolean {
  return !refusal && !reasoning && !thought && !calls?.length;
}

function noteDelta(delta: ChatDelta, at: number, tokens: number, exchange: Exchange): void {
  const content = delta.content || delta.refusal || '';
  const reasoning = delta.reasoning_content || delta.reasoning || '';
  const called = delta.tool_calls && delta.tool_calls.length > 0 ? noteCalls(delta.tool_calls, exchange) : undefined;
  exchange.text += content;
  exchange.reasoning += reasoning;
  if (!exchange.streamed) return;
  if (content !== '') noteOutput(exchange, at, tokens, 'text', content);
  else if (called !== undefined) noteOutput(exchange, at, tokens, 'tool', called);
  else if (reasoning !== '') noteOutput(exchange, at, tokens, 'reasoning', reasoning);
}

/** Appends pieces of tool calls and returns the arguments they add. */
function noteCalls(pieces: readonly ToolCallDelta[], exchange: Exchange): string {
  let added = '';
  for (const { index, id, function: piece } of pieces) {
    const { toolCalls } = exchange;
    // Some servers do not number calls: a piece with a name then begins one, and any other belongs to the latest.
    const key = index ?? (piece?.name ? `#${toolCalls.length}` : toolCalls.at(-1)?.key);
    const text = piece?.arguments ?? '';
    noteToolCall(exchange, key, { id: id ?? '', name: piece?.name ?? '', arguments: text });
    added += text;
  }
  return added;
}
