import { normal, randomSource } from '../../random.js';
import type { Tool } from '../http/tools.js';
import type { Prompt } from './prompt-tokens.js';
import { type Token, textFrom, tokenOf } from './text.js';

type FinishReason = 'stop' | 'length' | 'tool_calls';

/** Input that determines an answer; equal requests get equal answers. */
export interface AnswerRequest {
  readonly prompt: Prompt;
  readonly seed: number;
  readonly maxTokens: number | undefined;
  readonly stop: readonly string[];
  readonly ignoreEos: boolean;
  /** Fixed mode: number of content tokens, without an end-of-sequence token. */
  readonly fixedTokens: number | undefined;
  /** Tokens of reasoning before the answer; none by default. */
  readonly thinkTokens?: number | undefined;
  /** Tool that the answer calls: its content is then the arguments. */
  readonly tool?: Tool | undefined;
}

/** Answer, known in full before its first token is sent. */
export interface Answer {
  /** Generates the tokens of content one by one. */
  content(): Generator<Token, void>;
  readonly contentTokens: number;
  /** Generates the tokens of reasoning, which come first. */
  reasoning(): Generator<Token, void>;
  readonly reasoningTokens: number;
  readonly tool: Tool | undefined;
  /**
   * Completion tokens for usage. Reasoning, content, and in batch mode the end-of-sequence token or the tokens of the
   * stop string.
   */
  readonly completionTokens: number;
  /** Tokens that the engine generates. As counted by usage, but at least the one with which the answer ends. */
  readonly steps: number;
  readonly finishReason: FinishReason;
}

/** Longest answer, in effect the simulator's context window. */
const LONGEST_ANSWER = 131_072;

/** Composes an answer: its length, stop reason and text. */
export function composeAnswer(request: AnswerRequest): Answer {
  const { prompt, seed, fixedTokens, tool } = request;
  const most = Math.min(request.maxTokens ?? LONGEST_ANSWER, LONGEST_ANSWER);
  const reasoningTokens = Math.min(request.thinkTokens ?? 0, most);
  const limit = most - reasoningTokens;
  const fixed = fixedTokens !== undefined;
  const natural = fixedTokens ?? (request.ignoreEos ? LONGEST_ANSWER : naturalLength(seed));
  const cut = limit <= natural;
  const contentTokens = Math.min(limit, natural);
  const silentTokens = cut || fixed ? 0 : 1;

  const stop = tool ? [] : request.stop;
  const match = firstStop(textFrom(prompt.language, seed), contentTokens, stop);
  if (match === undefined) {
    return answerOf(request, {
      reasoningTokens,
      contentTokens,
      completionTokens: reasoningTokens + contentTokens + silentTokens,
      finishReason: cut ? 'length' : tool ? 'tool_calls' : 'stop',
    });
  }
  return answerOf(request, {
    reasoningTokens,
    contentTokens: match.contentTokens,
    completionTokens: reasoningTokens + (fixed ? match.contentTokens : match.generatedTokens),
    finishReason: 'stop',
    ending: match.ending,
  });
}

interface Ending {
  readonly reasoningTokens: number;
  readonly contentTokens: number;
  readonly completionTokens: number;
  readonly finishReason: FinishReason;
  /** Rest of the last content token, after a stop string's beginning. */
  readonly ending?: string;
}

function answerOf({ prompt, seed, tool }: AnswerRequest, end: Ending): Answer {
  const { reasoningTokens, contentTokens, completionTokens, finishReason, ending } = end;
  return {
    *content() {
      const text = textFrom(prompt.language, seed);
      if (tool) {
        yield* argumentsOf(tool, text, contentTokens, finishReason === 'length');
        return;
      }
      for (let i = 1; i < contentTokens; i += 1) yield text.next().value;
      if (contentTokens > 0) yield ending === undefined ? text.next().value : tokenOf(ending);
    },
    *reasoning() {
      // Other words than those of the answer.
      const text = textFrom(prompt.language, seed ^ 0x5f5f5f5f);
      for (let i = 0; i < reasoningTokens; i += 1) yield text.next().value;
    },
    contentTokens,
    reasoningTokens,
    tool,
    completionTokens,
    steps: Math.max(1, completionTokens),
    finishReason,
  };
}

/** Tokens of a call's arguments, as many as asked for. Valid JSON unless truncated. */
function* argumentsOf(
  { argument }: Tool,
  text: Iterator<Token, never>,
  tokens: number,
  cut: boolean,
): Generator<Token, void> {
  if (tokens === 1 && !cut) yield tokenOf('{}');
  else {
    const words = tokens - (cut ? 1 : 2);
    if (tokens > 0) yield tokenOf(`{${JSON.stringify(argument)}: "`);
    for (let i = 0; i < words; i += 1) yield text.next().value;
    if (tokens > 1 && !cut) yield tokenOf('"}');
  }
}

/** Log-normal length with a median of 53 tokens. Its mean is about 60; limits are 20 and 200. */
function naturalLength(seed: number): number {
  // A separate random stream: the text must not depend on whether a length was drawn.
  const length = 53 * Math.exp(0.5 * normal(randomSource(~seed)));
  return Math.round(Math.min(200, Math.max(20, length)));
}

interface StopMatch {
  readonly contentTokens: number;
  /** Tokens up to and with the one that completes the stop string. */
  readonly generatedTokens: number;
  readonly ending: string;
}

/** Finds the token that completes a stop string, and the text before. */
function firstStop(text: Iterator<Token, never>, tokens: number, stop: readonly string[]): StopMatch | undefined {
  if (stop.length === 0) return undefined;
  const overlap = Math.max(...stop.map((each) => each.length)) - 1;
  const said: { readonly text: string; readonly start: number }[] = [];
  let tail = '';
  let start = 0;
  for (let i = 0; i < tokens; i += 1) {
    const token = text.next().value.text;
    const window = tail + token;
    said.push({ text: token, start });
    const found = stop.map((each) => window.indexOf(each)).filter((at) => at >= 0);
    if (found.length > 0) {
      const cut = start - tail.length + Math.min(...found);
      const before = said.filter((each) => each.start < cut);
      const last = before.at(-1);
      const ending = last === undefined ? '' : last.text.slice(0, cut - last.start);
      return { contentTokens: before.length, generatedTokens: i + 1, ending };
    }
    tail = overlap === 0 ? '' : window.slice(-overlap);
    start += token.length;
  }
  return undefined;
}
