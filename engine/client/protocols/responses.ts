import { appendToolCall, type Exchange, type OutputKind, recordFinish, recordOutput } from '../exchange.js';
import { type ChatMessage, type ContentPart, isImage, isText, partsOf, readMessages, textOf } from './chat-messages.js';
import { reasoningIn } from './content-parts.js';
import { recordCounts } from './counts.js';
import { objectIn, objectsIn, textIn } from './fields.js';
import {
  type ConversationBody,
  functionOf,
  GENERATION,
  type ResponseFormat,
  type Tool,
  type ToolChoice,
} from './generation-fields.js';
import { errorText, isStreamed, type Protocol } from './protocol.js';
import { readEvent } from './wire-event.js';

/** Request body of `responses`. */
export interface ResponsesBody extends ConversationBody {
  /** Use of the tools. Default: the model's choice. */
  readonly toolChoice?: ToolChoice | undefined;
  /** Required form of the answer, such as JSON of a schema. */
  readonly responseFormat?: ResponseFormat | undefined;
}

/** Fields of an event that are read. */
interface ResponsesEvent {
  readonly type?: string;
  readonly delta?: unknown;
  readonly output_index?: number;
  readonly item?: OutputItem | null;
  readonly response?: ResponseObject | null;
}

interface OutputItem {
  readonly type?: string;
  readonly id?: unknown;
  readonly call_id?: unknown;
  readonly name?: unknown;
  readonly arguments?: unknown;
  readonly content?: readonly { readonly text?: unknown; readonly refusal?: unknown }[] | null;
  readonly summary?: readonly { readonly text?: unknown }[] | null;
}

interface ResponseObject {
  readonly status?: string;
  readonly max_output_tokens?: unknown;
  readonly output?: readonly OutputItem[] | null;
  readonly incomplete_details?: { readonly reason?: unknown } | null;
  readonly error?: unknown;
  readonly usage?: {
    readonly input_tokens?: unknown;
    readonly output_tokens?: unknown;
    readonly input_tokens_details?: { readonly cached_tokens?: unknown } | null;
    readonly output_tokens_details?: { readonly reasoning_tokens?: unknown } | null;
  } | null;
}

/** OpenAI's Responses API. */
export const responsesProtocol: Protocol<ResponsesBody> = {
  path: '/responses',
  below: 'base',
  stream: 'events',
  models: '/models',
  fields: ['messages', ...GENERATION, 'tools', 'toolChoice', 'responseFormat'],
  // OpenAI rejects a smaller limit.
  probe: { messages: 'Hi', maxTokens: 16 },

  encode(request, model) {
    const { toolChoice } = request;
    return JSON.stringify({
      model,
      input: readMessages('responses', request.messages).flatMap(itemsOf),
      stream: isStreamed(responsesProtocol, request),
      max_output_tokens: request.maxTokens,
      temperature: request.temperature,
      top_p: request.topP,
      tools: request.tools?.map(flatTool),
      tool_choice: typeof toolChoice === 'object' ? { type: 'function', name: toolChoice.function.name } : toolChoice,
      text: request.responseFormat && { format: flatFormat(request.responseFormat) },
      ...request.extraBody,
    });
  },

  decode(event, at, exchange) {
    const body = readEvent<ResponsesEvent & ResponseObject>(event, exchange);
    if (!body) return;
    if (exchange.streamed) recordEvent(body, at, exchange);
    else {
      recordItems(body.output, 0, exchange);
      recordEnd(body, 0, exchange);
    }
  },
};

function recordEvent(event: ResponsesEvent, at: number, exchange: Exchange): void {
  const { type = '', delta, output_index: key } = event;
  const item = objectIn(event.item, 'item', exchange);
  const response = objectIn(event.response, 'response', exchange);
  const kind = DELTAS.get(type);
  if (type.startsWith('response.reasoning') && type.endsWith('.delta')) {
    // OpenAI sends summaries of its reasoning, open models the reasoning itself.
    recordDelta('reasoning', reasoningIn(delta, 'delta'), key, at, exchange);
  } else if (kind) recordDelta(kind, textIn(delta, 'delta'), key, at, exchange);
  else if (type === 'response.output_item.added') {
    exchange.firstChunkAt ??= at;
    if (item?.type === 'function_call') recordCall(item, key, at, exchange);
  } else if (type === 'response.output_item.done' && item?.type === 'function_call') {
    const known = exchange.toolCalls.find((call) => call.key === key);
    // Some servers send no deltas of the arguments.
    if (!known?.arguments && (item.arguments || !known)) recordCall(item, key, at, exchange);
  } else if (type === 'response.completed' || type === 'response.incomplete') {
    exchange.done = true;
    // Some servers send no deltas at all.
    if (exchange.firstTokenAt === undefined) recordItems(response?.output, at, exchange);
    recordEnd(response ?? {}, at, exchange);
  } else if (type === 'response.failed') {
    recordUsage(response?.usage, exchange);
    exchange.failure = { kind: 'stream_error', message: errorText(response) || 'the response failed' };
  }
}

/** Output events, with the kind of their output. */
const DELTAS: ReadonlyMap<string, OutputKind> = new Map([
  ['response.output_text.delta', 'text'],
  ['response.refusal.delta', 'text'],
  ['response.function_call_arguments.delta', 'tool'],
]);

function recordDelta(kind: OutputKind, delta: string, key: number | undefined, at: number, exchange: Exchange): void {
  if (delta === '') return;
  if (kind === 'tool') appendToolCall(exchange, key, { arguments: delta });
  else if (kind === 'reasoning') exchange.reasoning += delta;
  else exchange.text += delta;
  recordOutput(exchange, at, 1, kind, delta);
  exchange.firstChunkAt ??= at;
}

/** Records a tool call, announced with its name or sent whole. */
function recordCall(item: OutputItem, key: number | undefined, at: number, exchange: Exchange): void {
  const piece = {
    id: textIn(item.call_id ?? item.id, 'item.call_id'),
    name: textIn(item.name, 'item.name'),
    arguments: textIn(item.arguments, 'item.arguments'),
  };
  appendToolCall(exchange, key, piece);
  if (exchange.streamed) recordOutput(exchange, at, 1, 'tool', piece.arguments);
}

function recordEnd(response: ResponseObject, at: number, exchange: Exchange): void {
  const { status, usage, incomplete_details: details } = response;
  const limit = response.max_output_tokens ?? exchange.maxTokens;
  recordUsage(usage, exchange);
  const reason = textIn(details?.reason, 'response.incomplete_details.reason');
  const cut = reason === 'max_output_tokens' ? 'length' : reason || 'incomplete';
  const ended = exchange.toolCalls.length > 0 ? 'tool_calls' : 'stop';
  // Some servers call an answer complete that its limit has cut.
  const isFull = typeof limit === 'number' && (exchange.usage?.outputTokens ?? 0) >= limit;
  recordFinish(exchange, status === 'incomplete' ? cut : isFull ? 'length' : ended, at);
}

function recordUsage(usage: ResponseObject['usage'], exchange: Exchange): void {
  if (!usage) return;
  const { input_tokens: input, output_tokens: output, output_tokens_details: details } = usage;
  const cached = usage.input_tokens_details?.cached_tokens;
  recordCounts({ input, output, reasoning: details?.reasoning_tokens, cached }, exchange);
}

/** Records the output of a whole response. In a stream it is one event. */
function recordItems(output: ResponseObject['output'], at: number, exchange: Exchange): void {
  for (const [index, item] of objectsIn(output, 'output').entries()) {
    const parts = objectsIn(item.content, 'output[].content');
    if (item.type === 'message') {
      for (const { text, refusal } of parts) exchange.text += textIn(text ?? refusal, 'output[].content[].text');
    }
    if (item.type === 'function_call') recordCall(item, index, at, exchange);
    if (item.type !== 'reasoning') continue;
    for (const { text } of [...objectsIn(item.summary, 'output[].summary'), ...parts]) {
      exchange.reasoning += textIn(text, 'output[].summary[].text');
    }
  }
  const { text, reasoning } = exchange;
  if (!exchange.streamed || text + reasoning === '') return;
  exchange.firstChunkAt ??= at;
  recordOutput(exchange, at, 1, text === '' ? 'reasoning' : 'text', text || reasoning);
}

/** Translates a message into input items. Tool calls and results of tools are items of their own. */
function itemsOf(message: ChatMessage): readonly unknown[] {
  const { role, content } = message;
  if (role === 'tool') {
    return [{ type: 'function_call_output', call_id: message.tool_call_id, output: textOf(message) }];
  }
  const parts = partsOf(message);
  const said = typeof content === 'string' ? content : parts.map((part) => inputPart(part, role));
  const calls = (message.tool_calls ?? []).map(({ id, function: called }) => {
    return { type: 'function_call', call_id: id, name: called.name, arguments: called.arguments };
  });
  return parts.length === 0 && calls.length > 0 ? calls : [{ role, content: said }, ...calls];
}

function inputPart(part: ContentPart, role: ChatMessage['role']): unknown {
  if (isText(part)) return { type: role === 'assistant' ? 'output_text' : 'input_text', text: part.text };
  if (isImage(part)) return { type: 'input_image', image_url: part.image_url.url, detail: part.image_url.detail };
  return part;
}

function flatTool(tool: Tool): unknown {
  const known = functionOf(tool);
  return known ? { type: 'function', ...known } : tool;
}

function flatFormat(format: ResponseFormat): unknown {
  return format.type === 'json_schema' ? { type: format.type, ...format.json_schema } : format;
}
