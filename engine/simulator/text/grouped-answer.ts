import type { Answer } from './compose-answer.js';
import { type Token, tokenOf } from './text.js';

/** Answer whose events carry several tokens each. */
export interface GroupedAnswer {
  /** Answer whose tokens come joined in the current group size. */
  readonly answer: Answer;
  /** Calls `step` with the last token's index of each event. The events are those of tokens `from` to `upTo` − 1. */
  each(from: number, upTo: number, step: (index: number) => string): string;
}

/**
 * Joins tokens that are due together, as vLLM does within a step. Different kinds stay apart: reasoning, text, and
 * tokens at the end that no event carries. The first token is alone.
 */
export function groupedAnswer(answer: Answer): GroupedAnswer {
  let size = 1;
  const { reasoningTokens } = answer;
  const ends = [1, reasoningTokens, reasoningTokens + answer.contentTokens, answer.steps];
  const joined = function* (tokens: Iterator<Token, void>): Generator<Token, void> {
    for (;;) {
      const texts: string[] = [];
      while (texts.length < size) {
        const next = tokens.next();
        if (next.done) break;
        texts.push(next.value.text);
      }
      if (texts.length === 0) return;
      yield { ...tokenOf(texts.join('')), tokens: texts.length };
    }
  };
  return {
    answer: {
      ...answer,
      content: () => joined(answer.content()),
      reasoning: () => joined(answer.reasoning()),
    },
    each(from, upTo, step) {
      let events = '';
      for (let at = from; at < upTo; ) {
        const end = Math.min(upTo, ...ends.filter((each) => each > at));
        size = end - at;
        events += step(end - 1);
        at = end;
      }
      return events;
    },
  };
}
