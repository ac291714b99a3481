import { type Exchange, noteOutput, noteToolCall } from '../exchange.js';
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
import { type ConversationBody, functionOf, GENERATION, type Tool, type ToolChoice } from './generation-fields.js';
import { isStreamed, type Protocol } from './protocol.js';
import { readEvent } from './wire-event.js';

/** Request body of `anthropic`. */
export interface AnthropicBody extends ConversationBody {
  readonly stop?: string | readonly string[] | undefined;
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
    readonly text?: string;
    readonly thinking?: string;
    readonly partial_json?: string;
    readonly stop_reason?: string | null;
  } | null;
  readonly usage?: MessagesUsage | null;
}

interface Message {
  readonly content?: readonly Block[] | null;
  readonly stop_reason?: string | null;
  readonly usage?: MessagesUsage | null;
}

interface Block {
  readonly type?: string;
  readonly id?: string;
  readonly name?: string;
  readonly input?: unknown;
  readonly text?: string;
  readonly thinking?: string;
}

interface MessagesUsage {
  readonly input_tokens?: number;
  readonly cache_creation_input_tokens?: number | null;
  readonly cache_read_input_tokens?: number | null;
  readonly output_tokens?: number;
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
    if (exchange.streamed) noteEvent(body, at, exchange);
    else noteWhole(body, exchange);
  },
};

function noteEvent(event: MessagesEvent, at: number, exchange: Exchange): void {
  const { type, index, delta } = event;
  if (type === 'content_block_delta' && delta) {
    const piece = delta.text || delta.thinking || delta.partial_json || '';
    if (piece === '') return;
    const kind = delta.text ? 'text' : delta.thinking ? 'reasoning' : 'tool';
    if (kind === 'text') exchange.text += piece;
    else if (kind === 'reasoning') exchange.reasoning += piece;
    else noteToolCall(exchange, index, { arguments: piece });
    noteOutput(exchange, at, 1, kind, piece);
  } else if (type === 'content_block_start' && event.content_block) {
    noteBlock(event.content_block, index, at, exchange);
  } else if (type === 'message_start') {
    exchange.firstChunkAt ??= at;
    // Its output count is no total: the answer is still to come.
    const { inputTokens } = usageOf(event.message?.usage, exchange);
    exchange.usage = { inputTokens, outputTokens: undefined };
  } else if (type === 'message_delta') {
    exchange.usage = usageOf(event.usage, exchange);
    noteReason(delta?.stop_reason, exchange);
  } else if (type === 'message_stop') {
    exchange.done = true;
  }
}

/** Records the start of a block. It has a tool's name or, from some servers, a first piece of text. */
function noteBlock(block: Block, index: number | undefined, at: number, exchange: Exchange): void {
  const { type, text = '', thinking = '' } = block;
  exchange.text += text;
  exchange.reasoning += thinking;
  if (type === 'tool_use') {
    noteToolCall(exchange, index, { id: block.id, name: block.name, arguments: argumentsOf(block) });
    noteOutput(exchange, at, 1, 'tool');
  } else if (text + thinking !== '') {
    noteOutput(exchange, at, 1, text === '' ? 'reasoning' : 'text', text || thinking);
  }
}

function noteWhole({ content, stop_reason, usage }: Message, exchange: Exchange): void {
  for (const [index, block] of (content ?? []).entries()) {
    exchange.text += block.text ?? '';
    exchange.reasoning += block.thinking ?? '';
    if (block.type !== 'tool_use') continue;
    noteToolCall(exchange, index, { id: block.id, name: block.name, arguments: argumentsOf(block) });
  }
  exchange.usage = usageOf(usage, exchange);
  noteReason(stop_reason, exchange);
}

/** Arguments of a tool call block. Empty in a stream, where the block starts with an empty object. */
function argumentsOf({ input }: Block): string {
  const nothing = typeof input !== 'object' || input === null || Object.keys(input).length === 0;
  return nothing ? '' : JSON.stringify(input);
}

function noteReason(reason: string | null | undefined, exchange: Exchange): void {
  if (reason) exchange.finishReason = REASONS[reason] ?? reason;
}

/** Token counts. The API counts input in three parts: read from the cache, written to it, and the rest. */
function usageOf(usage: MessagesUsage | null | undefined, { usage: before }: Exchange) {
  const { input_tokens: plain, output_tokens: outputTokens } = usage ?? {};
  const cached = (usage?.cache_creation_input_tokens ?? 0) + (usage?.cache_read_input_tokens ?? 0);
  // At the end some servers repeat the input's count, some leave it out, and some say 0.
  return { inputTokens: (plain ?? 0) + cached || (before?.inputTokens ?? 0), outputTokens };
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
