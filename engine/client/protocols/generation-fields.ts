import type { ChatMessage } from './chat-messages.js';
import type { AnyRequest } from './protocol.js';

/** Function that the model may call, in OpenAI's form. */
export interface FunctionTool {
  /** Only kind of tool. */
  readonly type: 'function';
  /** Name, purpose and arguments. */
  readonly function: {
    readonly name: string;
    readonly description?: string;
    /** JSON schema of the arguments. */
    readonly parameters?: Readonly<Record<string, unknown>>;
    readonly strict?: boolean;
  };
}

/** Tool that the model may call. OpenAI's form, which other protocols translate, or one of the server's own. */
export type Tool = FunctionTool | Readonly<Record<string, unknown>>;

/** Use of tools: model's choice, none, at least one, or this one. */
export type ToolChoice =
  | 'auto'
  | 'none'
  | 'required'
  | { readonly type: 'function'; readonly function: { readonly name: string } };

/** Required form of the answer: any JSON, or JSON of a schema. */
export type ResponseFormat =
  | { readonly type: 'text' | 'json_object' }
  | {
      readonly type: 'json_schema';
      readonly json_schema: {
        readonly name: string;
        readonly schema: Readonly<Record<string, unknown>>;
        readonly strict?: boolean;
        readonly description?: string;
      };
    };

/** Request fields of every protocol that generates text. */
export interface GenerationBody extends AnyRequest {
  /** Most tokens in the answer. */
  readonly maxTokens?: number | undefined;
  /** Sampling temperature; 0 takes the likeliest token. Default: the server's. */
  readonly temperature?: number | undefined;
  /** Nucleus sampling: share of probability to sample from. Default: the server's. */
  readonly topP?: number | undefined;
  /**
   * Default: true. With false the answer comes in one piece: it has an end-to-end latency, but no TTFT, TPOT and ITL.
   */
  readonly stream?: boolean | undefined;
  /** Further fields of the request body, in the server's names. They override all others. */
  readonly extraBody?: Readonly<Record<string, unknown>> | undefined;
}

/** Request fields for an answer to a conversation, with tools. */
export interface ConversationBody extends GenerationBody {
  /** Conversation, or a single user message as a string. */
  readonly messages: readonly ChatMessage[] | string;
  /** Tools that the model may call. */
  readonly tools?: readonly Tool[] | undefined;
}

/** Names of the fields in GenerationBody. */
export const GENERATION = ['maxTokens', 'temperature', 'topP', 'stream', 'extraBody'] as const;

/** Function of a tool in OpenAI's form. Undefined for a server's own kind of tool. */
export function functionOf(tool: Tool): FunctionTool['function'] | undefined {
  return 'function' in tool ? (tool as FunctionTool).function : undefined;
}
