import type { Answer } from './compose-answer.js';
import type { Token } from './text.js';

/** Token of an answer, with its kind. */
export interface AnswerToken extends Token {
  readonly kind: 'reasoning' | 'text' | 'arguments';
  /** The first of its kind. */
  readonly opens: boolean;
  /** The last of its kind. */
  readonly closes: boolean;
}

/** Tokens of an answer in order of generation. Reasoning, then text or call arguments. */
export function* tokensOfAnswer(answer: Answer): Generator<AnswerToken, void> {
  yield* numbered('reasoning', answer.reasoning(), answer.reasoningTokens);
  yield* numbered(answer.tool ? 'arguments' : 'text', answer.content(), answer.contentTokens);
}

function* numbered(kind: AnswerToken['kind'], tokens: Iterable<Token>, length: number): Generator<AnswerToken, void> {
  let index = 0;
  for (const { text, json, tokens: joined = 1 } of tokens) {
    const opens = index === 0;
    index += joined;
    yield { kind, text, json, opens, closes: index === length };
  }
}

/** Full texts of an answer. */
export function textsOf(answer: Answer): { readonly reasoning: string; readonly content: string } {
  const join = (tokens: Iterable<Token>) => Array.from(tokens, ({ text }) => text).join('');
  return { reasoning: join(answer.reasoning()), content: join(answer.content()) };
}
