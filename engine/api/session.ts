import type { ChatMessage } from '../client/protocols/chat-messages.js';
import type { Answer } from './answer.js';
import type { ConversationOptions } from './conversation.js';
import { outside } from './outside.js';
import type { ChatRequest } from './requests.js';
import type { Duration, DurationText } from './scenarios.js';

/** Options of an agent: system message, limits of its history, API. */
export interface AgentOptions extends ConversationOptions {
  /** API of its turns, by its function. Default: `'chat'`; of a subagent, its parent's. */
  readonly protocol?: 'chat' | 'anthropic' | 'responses' | 'ollama' | 'gemini';
}

/** Options of a session. */
export interface SessionOptions extends AgentOptions {
  /** Limits of a good session (`llm_session_good`). Its duration includes all of its subagents. */
  readonly slo?: { readonly duration: Duration };
}

/** Request of a turn: new messages, and the options of `chat`. */
export interface TurnRequest extends Omit<ChatRequest, 'messages'> {
  /** New messages. A text of the user, or a list, such as the results of tools. */
  readonly prompt: string | readonly ChatMessage[];
}

/** Agent at work: a session's own, or a subagent. */
export interface Session {
  /** Name of the session, or of the subagent. */
  readonly name: string;
  /** Unique id. It differs between runs; a subagent's begins with its parent's. */
  readonly id: string;
  /** Messages before the next turn: system message, prompts and answers. */
  readonly history: readonly ChatMessage[];
  /** Number of turns answered. */
  readonly turns: number;
  /** Tokens of the latest turn, prompt and answer. 0 before the first. */
  readonly contextTokens: number;
  /**
   * Sends the next turn with the history, and resolves to the answer. Prompt and answer become history when the answer is
   * `ok`. A turn that the server refuses as longer than the model's context ends this agent: `turn` throws, and `session` or
   * `subagent` resolves to undefined.
   */
  turn(request: TurnRequest): Promise<Answer>;
  /**
   * Spends time in a tool, apart from think time. A duration such as `'2s'`, or a function, whose result it returns.
   */
  tool(name: string, work: DurationText | number): Promise<void>;
  /** Runs a function as a tool, and resolves to its result. */
  tool<Result>(name: string, work: () => Result | Promise<Result>): Promise<Result>;
  /** Waits as a person who reads and types. A duration such as `'5s'`. */
  think(time: Duration): Promise<void>;
  /**
   * Starts a subagent with a context of its own. Await it to join it; else it runs in the background, and the session
   * lasts until it has ended. Resolves to what `run` returns, and to undefined where the subagent's context overflowed.
   */
  subagent<Result>(
    name: string,
    run: (child: Session) => Result | Promise<Result>,
    options?: AgentOptions,
  ): Promise<Result | undefined>;
  /** Removes all turns from the history, as compaction does. */
  reset(): void;
}

/**
 * Runs an agent's job: turns, tools, think time, subagents. Resolves once the whole tree has ended,
 * to what `run` returns; undefined where the context of the session's own agent overflowed. Figures are recorded for each
 * session (`llm_session_duration`, `llm_session_failed`, …) besides those of its requests.
 *
 * ```ts
 * await session('fix a bug', async (s) => {
 *   await s.turn({ prompt: 'The tests fail. Find out why.', maxTokens: 300 });
 *   await s.tool('run tests', '20s');
 *   const found = s.subagent('explore', (child) => child.turn({ prompt: 'Where is the parser?' }));
 *   await s.turn({ prompt: 'They print: …' });
 *   await found;
 *   await s.turn({ prompt: 'Fix it.' });
 * });
 * ```
 */
export function session<Result>(
  name: string,
  run: (s: Session) => Result | Promise<Result>,
  options?: SessionOptions,
): Promise<Result | undefined> {
  return outside('session', name, run, options);
}

/** Options of a replayed session. */
export interface ReplayOptions extends Pick<SessionOptions, 'protocol' | 'slo'> {
  /** Name under which it is reported. Default: `'session'`. */
  readonly name?: string;
  /** Models for the recorded ones, by first appearance. The last stands for all others. Default: the run's. */
  readonly models?: readonly string[];
  /** Makes each replay unique at the head of its first user message. Default: true. */
  readonly cacheBust?: boolean;
  /** Further fields of all requests. Default: `{ ignore_eos: true }`. */
  readonly extraBody?: Readonly<Record<string, unknown>>;
  /** Callback for each answer that is measured. */
  readonly onTurn?: (answer: Answer) => void;
}

/**
 * Replays the recorded session of this iteration, for the executor `sessions`. Prompts have the recorded lengths and share
 * what the recorded ones shared; gaps count from the end of the turn before. Resolves once its whole tree has ended.
 *
 * ```ts
 * export default async function () {
 *   await replay({ onTurn: (answer) => check(answer, { answered: (a) => a.ok }) });
 * }
 * ```
 */
export function replay(options?: ReplayOptions): Promise<void> {
  return outside('replay', options);
}
