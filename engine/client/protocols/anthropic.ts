import { appendToolCall, type Exchange, recordFinish, recordOutput } from '../exchange.js';
import {
  type ChatMessage,
  type ContentPart,
  isImage,
  partsOf,
  readArguments,
  readDataUrl,
  readMessages,
  textOf,
} from './chat-messages.js';
import { recordCounts, sumOf } from './counts.js';
import { objectIn, objectsIn, textIn } from './fields.js';
import { type ConversationBody, functionOf, GENERATION, type Tool, type ToolChoice } from './generation-fields.js';
import { isStreamed, type Protocol } from './protocol.js';
import { readEvent } from './wire-event.js';

/** Request body of `anthropic`. */
export interface AnthropicBody extends ConversationBody {
  /** Texts that end the answer. */
  readonly stop?: string | readonly string[] | undefined;
  /** Use of the tools. Default: the model's choice. */
  readonly toolChoice?: ToolChoice | undefined;
}

/** Default of `max_tokens`, which the API requires. */
const MAX_TOKENS = 4096;

const VERSION = '2023-06-01';

/** Stop reasons, in OpenAI's terms. */
const REASONS: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  tool_use: 'tool_calls',
};

/** Fields of a stream event that are read. */
interface MessagesEvent {
  readonly type?: string;
  readonly index?: number;
  readonly message?: Message | null;
  readonly content_block?: Block | null;
  readonly delta?: {
    readonly text?: unknown;
    readonly thinking?: unknown;
    readonly partial_json?: unknown;
    readonly stop_reason?: unknown;
  } | null;
  readonly usage?: MessagesUsage | null;
}

interface Message {
  readonly content?: readonly Block[] | null;
  readonly stop_reason?: unknown;
  readonly usage?: MessagesUsage | null;
}

interface Block {
  readonly type?: string;
  readonly id?: unknown;
  readonly name?: unknown;
  readonly input?: unknown;
  readonly text?: unknown;
  readonly thinking?: unknown;
}

interface MessagesUsage {
  readonly input_tokens?: unknown;
  readonly cache_creation_input_tokens?: unknown;
  readonly cache_read_input_tokens?: unknown;
  readonly output_tokens?: unknown;
}

/** Anthropic's Messages API. */
export const anthropicProtocol: Protocol<AnthropicBody> = {
  path: '/v1/messages',
  below: 'root',
  stream: 'events',
  models: '/v1/models',
  fields: ['messages', ...GENERATION, 'stop', 'tools', 'toolChoice'],
  probe: { messages: 'Hi', maxTokens: 1 },

  headers({ authorization, ...rest }) {
    const key = /^Bearer (.*)$/.exec(authorization ?? '')?.[1];
    return {
      'anthropic-version': VERSION,
      ...rest,
      ...(key && { 'x-api-key': key }),
      // Other servers of this API often know bearer tokens only; Anthropic's own takes its keys for none.
      ...(authorization && !key?.startsWith('sk-ant-') && { authorization }),
    };
  },

  encode(request, model) {
    const messages = readMessages('anthropic', request.messages);
    const isSystem = ({ role }: ChatMessage) => role === 'system' || role === 'developer';
    const { stop } = request;
    return JSON.stringify({
      model,
      system: messages.filter(isSystem).map(textOf).join('\n\n') || undefined,
      messages: messages.filter((message) => !isSystem(message)).map(turnOf),
      stream: isStreamed(anthropicProtocol, request),
      max_tokens: request.maxTokens ?? MAX_TOKENS,
      temperature: request.temperature,
      top_p: request.topP,
      stop_sequences: typeof stop === 'string' ? [stop] : stop,
      tools: request.tools?.map(inputTool),
      tool_choice: choiceOf(request.toolChoice),
      ...request.extraBody,
    });
  },

  decode(event, at, exchange) {
    const body = readEvent<MessagesEvent & Message>(event, exchange);
    if (!body) return;
    if (exchange.streamed) recordEvent(body, at, exchange);
    else recordWhole(body, exchange);
  },
};

function recordEvent(event: MessagesEvent, at: number, exchange: Exchange): void {
  const { type, index } = event;
  const delta = objectIn(event.delta, 'delta', exchange);
  const block = objectIn(event.content_block, 'content_block', exchange);
  if (type === 'content_block_delta' && delta) recordDelta(delta, index, at, exchange);
  else if (type === 'content_block_start' && block) recordBlock(block, index, at, exchange);
  else if (type === 'message_start') {
    exchange.firstChunkAt ??= at;
    // Its output count is no total: the answer is still to come.
    const { usage } = event.message ?? {};
    recordCounts({ input: inputOf(usage), output: undefined, cached: usage?.cache_read_input_tokens }, exchange);
  } else if (type === 'message_delta') {
    const { usage } = event;
    const cached = usage?.cache_read_input_tokens || undefined;
    recordCounts({ input: inputOf(usage), output: usage?.output_tokens, cached }, exchange);
    recordReason(delta?.stop_reason, at, exchange);
  } else if (type === 'message_stop') {
    exchange.done = true;
  }
}

function recordDelta(
  delta: NonNullable<MessagesEvent['delta']>,
  index: number | undefined,
  at: number,
  exchange: Exchange,
): void {
  const text = textIn(delta.text, 'delta.text');
  const thinking = textIn(delta.thinking, 'delta.thinking');
  const input = textIn(delta.partial_json, 'delta.partial_json');
  const piece = text || thinking || input;
  if (piece === '') return;
  const kind = text ? 'text' : thinking ? 'reasoning' : 'tool';
  if (kind === 'text') exchange.text += piece;
  else if (kind === 'reasoning') exchange.reasoning += piece;
  else appendToolCall(exchange, index, { arguments: piece });
  recordOutput(exchange, at, 1, kind, piece);
}

/** Records the start of a block. It has a tool's name or, from some servers, a first piece of text. */
function recordBlock(block: Block, index: number | undefined, at: number, exchange: Exchange): void {
  const text = textIn(block.text, 'content_block.text');
  const thinking = textIn(block.thinking, 'content_block.thinking');
  exchange.text += text;
  exchange.reasoning += thinking;
  if (block.type === 'tool_use') {
    appendToolCall(exchange, index, callOf(block));
    recordOutput(exchange, at, 1, 'tool');
  } else if (text + thinking !== '') {
    recordOutput(exchange, at, 1, text === '' ? 'reasoning' : 'text', text || thinking);
  }
}

function recordWhole({ content, stop_reason, usage }: Message, exchange: Exchange): void {
  for (const [index, block] of objectsIn(content, 'content').entries()) {
    exchange.text += textIn(block.text, 'content[].text');
    exchange.reasoning += textIn(block.thinking, 'content[].thinking');
    if (block.type === 'tool_use') appendToolCall(exchange, index, callOf(block));
  }
  const cached = usage?.cache_read_input_tokens;
  recordCounts({ input: inputOf(usage), output: usage?.output_tokens, cached }, exchange);
  recordReason(stop_reason, 0, exchange);
}

/** Tool call of a block. In a stream its arguments are still an empty object. */
function callOf({ id, name, input }: Block) {
  const nothing = typeof input !== 'object' || input === null || Object.keys(input).length === 0;
  return {
    id: textIn(id, 'content_block.id'),
    name: textIn(name, 'content_block.name'),
    arguments: nothing ? '' : JSON.stringify(input),
  };
}

function recordReason(given: unknown, at: number, exchange: Exchange): void {
  const reason = textIn(given, 'stop_reason');
  if (reason) recordFinish(exchange, REASONS[reason] ?? reason, at);
}

/**
 * Input tokens. The API counts them in three parts: read from the cache, written to it, and the rest. At the end some
 * servers repeat them, some leave them out, and some say 0. A part that is no number is returned instead of the sum.
 */
function inputOf(usage: MessagesUsage | null | undefined): unknown {
  return sumOf(usage?.input_tokens, usage?.cache_creation_input_tokens, usage?.cache_read_input_tokens) || undefined;
}

/** Translates a message. The result of a tool becomes a user message. */
function turnOf(message: ChatMessage): unknown {
  const { role, content } = message;
  if (role === 'tool') {
    const result = { type: 'tool_result', tool_use_id: message.tool_call_id, content: textOf(message) };
    return { role: 'user', content: [result] };
  }
  const calls = (message.tool_calls ?? []).map(({ id, function: called }) => {
    return { type: 'tool_use', id, name: called.name, input: readArguments(called.arguments) };
  });
  if (typeof content === 'string' && calls.length === 0) return { role, content };
  return { role, content: [...partsOf(message).map(blockOf), ...calls] };
}

function blockOf(part: ContentPart): unknown {
  if (!isImage(part)) return part;
  const { url } = part.image_url;
  const inline = readDataUrl(url);
  const source = inline ? { type: 'base64', media_type: inline.type, data: inline.data } : { type: 'url', url };
  return { type: 'image', source };
}

function inputTool(tool: Tool): unknown {
  const known = functionOf(tool);
  if (!known) return tool;
  const { name, description, parameters = { type: 'object' } } = known;
  return { name, description, input_schema: parameters };
}

function choiceOf(choice: ToolChoice | undefined): unknown {
  if (choice === undefined) return undefined;
  if (typeof choice === 'object') return { type: 'tool', name: choice.function.name };
  return { type: choice === 'required' ? 'any' : choice };
}
