import type { ChatMessage } from './chat-messages.js';
import type { AnyRequest } from './protocol.js';

/** A function that the model may call, in OpenAI's form. */
export interface FunctionTool {
  readonly type: 'function';
  readonly function: {
    readonly name: string;
    readonly description?: string;
    /** A JSON schema of the arguments. */
    readonly parameters?: Readonly<Record<string, unknown>>;
    readonly strict?: boolean;
  };
}

/** A tool that the model may call: OpenAI's form, which the other protocols translate, or the server's own. */
export type Tool = FunctionTool | Readonly<Record<string, unknown>>;

/** Whether tools are called: as the model likes, not at all, at least one, or this one. */
export type ToolChoice =
  | 'auto'
  | 'none'
  | 'required'
  | { readonly type: 'function'; readonly function: { readonly name: string } };

/** The form that an answer has to have: any JSON, or JSON of a schema. */
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

/** How an answer is generated, in every protocol that generates one. */
export interface GenerationBody extends AnyRequest {
  /** The answer's length in tokens, at most. */
  readonly maxTokens?: number | undefined;
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  /**
   * Default: true. With false the answer comes in one piece: it has an end-to-end time, but no TTFT, TPOT and ITL.
   */
  readonly stream?: boolean | undefined;
  /** Further fields of the request's body, as the server names them; they win over all others. */
  readonly extraBody?: Readonly<Record<string, unknown>> | undefined;
}

/** The same for an answer to a conversation, in which tools may be called. */
export interface ConversationBody extends GenerationBody {
  /** A conversation, or a single text that the user says. */
  readonly messages: readonly ChatMessage[] | string;
  readonly tools?: readonly Tool[] | undefined;
}

/** The names of the fields that every generation takes. */
export const GENERATION = ['maxTokens', 'temperature', 'topP', 'stream', 'extraBody'] as const;

/** The function of a tool in OpenAI's form; undefined for a tool in a server's own. */
export function functionOf(tool: Tool): FunctionTool['function'] | undefined {
  return 'function' in tool ? (tool as FunctionTool).function : undefined;
}
