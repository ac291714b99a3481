import { appendToolCall, type Exchange, recordFinish, recordOutput } from '../exchange.js';
import {
  type ChatMessage,
  isImage,
  partsOf,
  readArguments,
  readDataUrl,
  readMessages,
  textOf,
} from './chat-messages.js';
import { recordCounts } from './counts.js';
import { objectIn, objectsIn, textIn } from './fields.js';
import { type ConversationBody, GENERATION, type ResponseFormat } from './generation-fields.js';
import { isStreamed, type Protocol } from './protocol.js';
import { readEvent } from './wire-event.js';

/** Request body of `ollama`. */
export interface OllamaBody extends ConversationBody {
  /** Texts that end the answer. */
  readonly stop?: string | readonly string[] | undefined;
  /** Seed of the server's sampling. */
  readonly seed?: number | undefined;
  /** Required form of the answer, such as JSON of a schema. */
  readonly responseFormat?: ResponseFormat | undefined;
}

/** Fields of a line that are read. An answer in one piece has the form of a last line. */
interface ChatLine {
  readonly message?: AnswerMessage | null;
  readonly done?: boolean;
  readonly done_reason?: unknown;
  readonly prompt_eval_count?: unknown;
  readonly eval_count?: unknown;
}

interface AnswerMessage {
  readonly content?: unknown;
  readonly thinking?: unknown;
  readonly tool_calls?: readonly ToolCallLine[] | null;
}

interface ToolCallLine {
  readonly id?: unknown;
  readonly function?: { readonly name?: unknown; readonly arguments?: unknown } | null;
}

/** Ollama's native chat API. */
export const ollamaProtocol: Protocol<OllamaBody> = {
  path: '/api/chat',
  below: 'root',
  stream: 'lines',
  models: '/api/tags',
  fields: ['messages', ...GENERATION, 'stop', 'seed', 'tools', 'responseFormat'],
  probe: { messages: 'Hi', maxTokens: 1 },

  encode(request, model) {
    const { stop, extraBody } = request;
    return JSON.stringify({
      model,
      messages: readMessages('ollama', request.messages).map(messageOf),
      stream: isStreamed(ollamaProtocol, request),
      tools: request.tools,
      format: formatOf(request.responseFormat),
      ...extraBody,
      options: {
        num_predict: request.maxTokens,
        temperature: request.temperature,
        top_p: request.topP,
        stop: typeof stop === 'string' ? [stop] : stop,
        seed: request.seed,
        ...(extraBody?.options as object | undefined),
      },
    });
  },

  decode(event, at, exchange) {
    const line = readEvent<ChatLine>(event, exchange);
    if (!line) return;
    const message = objectIn(line.message, 'message', exchange);
    if (message) recordMessage(message, at, exchange);
    if (!line.done) return;
    exchange.done = true;
    const reason = textIn(line.done_reason, 'done_reason') || 'stop';
    recordFinish(exchange, reason === 'stop' && exchange.toolCalls.length > 0 ? 'tool_calls' : reason, at);
    // Some versions leave out the count of a prompt that was fully cached.
    recordCounts({ input: line.prompt_eval_count, output: line.eval_count }, exchange);
  },
};

function recordMessage(message: AnswerMessage, at: number, exchange: Exchange): void {
  const content = textIn(message.content, 'message.content');
  const thinking = textIn(message.thinking, 'message.thinking');
  const called = recordCalls(objectsIn(message.tool_calls, 'message.tool_calls'), exchange);
  exchange.text += content;
  exchange.reasoning += thinking;
  if (!exchange.streamed) return;
  exchange.firstChunkAt ??= at;
  if (content !== '') recordOutput(exchange, at, 1, 'text', content);
  else if (called !== '') recordOutput(exchange, at, 1, 'tool', called);
  else if (thinking !== '') recordOutput(exchange, at, 1, 'reasoning', thinking);
}

/** Records tool calls, which come whole, with arguments as objects. */
function recordCalls(calls: readonly ToolCallLine[], exchange: Exchange): string {
  let added = '';
  for (const { id, function: given } of calls) {
    const called = objectIn(given, 'message.tool_calls[].function', exchange);
    const text = JSON.stringify(called?.arguments ?? {});
    const name = textIn(called?.name, 'message.tool_calls[].function.name');
    appendToolCall(exchange, exchange.toolCalls.length, {
      id: textIn(id, 'message.tool_calls[].id'),
      name,
      arguments: text,
    });
    added += text;
  }
  return added;
}

/** Translates a message: images beside the text, arguments as objects. */
function messageOf(message: ChatMessage): unknown {
  const { role } = message;
  const images = partsOf(message).filter(isImage);
  return {
    role: role === 'developer' ? 'system' : role,
    content: textOf(message),
    ...(images.length > 0 && { images: images.map(({ image_url: { url } }) => base64Of(url)) }),
    tool_calls: message.tool_calls?.map(({ id, function: called }) => {
      return { id, function: { name: called.name, arguments: readArguments(called.arguments) } };
    }),
    tool_call_id: message.tool_call_id,
  };
}

function base64Of(url: string): string {
  const inline = readDataUrl(url);
  if (inline) return inline.data;
  throw new TypeError(`ollama takes images as data URLs only, got ${url.slice(0, 80)}`);
}

function formatOf(format: ResponseFormat | undefined): unknown {
  if (format?.type === 'json_object') return 'json';
  return format?.type === 'json_schema' ? format.json_schema.schema : undefined;
}
