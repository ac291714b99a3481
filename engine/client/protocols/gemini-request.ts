import {
  type ChatMessage,
  type ContentPart,
  isImage,
  isText,
  partsOf,
  readArguments,
  readDataUrl,
  readMessages,
  textOf,
} from './chat-messages.js';
import { type ConversationBody, functionOf, type ResponseFormat, type ToolChoice } from './generation-fields.js';

/** Request body of `gemini`. */
export interface GeminiBody extends ConversationBody {
  readonly stop?: string | readonly string[] | undefined;
  readonly seed?: number | undefined;
  readonly toolChoice?: ToolChoice | undefined;
  readonly responseFormat?: ResponseFormat | undefined;
}

/** Translates a conversation. System messages stand apart from it. */
export function geminiContents(given: GeminiBody['messages']): object {
  const messages = readMessages('gemini', given);
  const isSystem = ({ role }: ChatMessage) => role === 'system' || role === 'developer';
  const system = messages.filter(isSystem).map((message) => ({ text: textOf(message) }));
  const names = new Map(
    messages.flatMap(({ tool_calls: calls }) => calls ?? []).map(({ id, function: called }) => [id, called.name]),
  );
  return {
    ...(system.length > 0 && { systemInstruction: { parts: system } }),
    contents: messages.filter((message) => !isSystem(message)).map((message) => contentOf(message, names)),
  };
}

/** Translates tools and the choice among them. */
export function geminiTools({ tools, toolChoice }: Pick<GeminiBody, 'tools' | 'toolChoice'>): object {
  const functions = tools?.flatMap((tool) => functionOf(tool) ?? []) ?? [];
  const others = tools?.filter((tool) => !functionOf(tool)) ?? [];
  const declarations = functions.map(({ name, description, parameters }) => ({ name, description, parameters }));
  return {
    tools: tools && [...(functions.length > 0 ? [{ functionDeclarations: declarations }] : []), ...others],
    ...(toolChoice && { toolConfig: { functionCallingConfig: callingOf(toolChoice) } }),
  };
}

function callingOf(choice: ToolChoice): object {
  if (typeof choice === 'object') return { mode: 'ANY', allowedFunctionNames: [choice.function.name] };
  return { mode: choice === 'required' ? 'ANY' : choice.toUpperCase() };
}

/** Translates a message. The result of a tool becomes a message of the user. */
function contentOf(message: ChatMessage, names: ReadonlyMap<string, string>): object {
  const { role, tool_call_id: id = '' } = message;
  if (role === 'tool') {
    const response = { id, name: names.get(id) ?? id, response: resultOf(textOf(message)) };
    return { role: 'user', parts: [{ functionResponse: response }] };
  }
  const calls = (message.tool_calls ?? []).map(({ id, function: called }) => {
    return { functionCall: { id, name: called.name, args: readArguments(called.arguments) } };
  });
  return { role: role === 'assistant' ? 'model' : 'user', parts: [...partsOf(message).map(partOf), ...calls] };
}

function partOf(part: ContentPart): unknown {
  if (isText(part)) return { text: part.text };
  if (!isImage(part)) return part;
  const { url } = part.image_url;
  const inline = readDataUrl(url);
  return inline ? { inlineData: { mimeType: inline.type, data: inline.data } } : { fileData: { fileUri: url } };
}

/** Result of a tool, which the API takes as an object only. */
function resultOf(text: string): object {
  const parsed = readArguments(text);
  const isObject = text.trimStart().startsWith('{') && Object.keys(parsed as object).length > 0;
  return isObject ? (parsed as object) : { result: text };
}
