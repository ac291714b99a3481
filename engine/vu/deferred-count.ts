import type { Exchange } from '../client/exchange.js';
import { shareTokens } from '../client/request-figures.js';
import type { Thread } from './thread-context.js';

/** One in so many answers whose tokens the server tells is counted as well, to see whether both agree. */
const CHECK_EVERY = 10;

/** Which answer is the next to be checked, for each thread. */
const turns = new WeakMap<Thread, { left: number }>();

/**
 * Calls `settle` when the output tokens of a request that has ended are as well known as they will be: at once, or once
 * the tokenizer has counted them, where there is one and the server has told none. A sample of the others is counted
 * beside, to see whether both agree.
 */
export function whenCounted(thread: Thread, exchange: Exchange, settle: () => void): void {
  const { counting } = thread;
  const parts = counting && partsOf(exchange);
  if (!counting || !parts) {
    settle();
    return;
  }
  if (exchange.usage?.outputTokens !== undefined) {
    settle();
    if (!isCheckable(exchange) || !isTurn(thread)) return;
    const told = exchange.usage.outputTokens;
    const ended = exchange.finishReason === 'stop';
    counting.count(parts, (tokens) => {
      if (tokens === undefined) return;
      note(thread, exchange, 'flow_checked_answers', 1);
      // The end-of-sequence token is counted by most servers, and is no text.
      note(thread, exchange, 'flow_checked_usage', ended && tokens < told ? told - 1 : told);
      note(thread, exchange, 'flow_checked_tokens', tokens);
    });
    return;
  }
  counting.count(parts, (tokens) => {
    if (tokens === undefined) note(thread, exchange, 'flow_uncounted', 1);
    else {
      exchange.counted = Math.max(1, tokens);
      shareTokens(exchange);
    }
    settle();
  });
}

type Noted = 'flow_checked_answers' | 'flow_checked_usage' | 'flow_checked_tokens' | 'flow_uncounted';

function note({ recorder }: Thread, { sentAt, endedAt = sentAt }: Exchange, metric: Noted, amount: number): void {
  recorder?.counter(metric, {}, recorder.phaseAt(endedAt)).add(amount);
}

/** What can be counted of an answer: undefined where it called tools, for their tokens are not those of their text. */
function partsOf({ text, reasoning, toolCalls, censored }: Exchange): readonly string[] | undefined {
  if (censored || toolCalls.length > 0) return undefined;
  const parts = [reasoning, text].filter((part) => part !== '');
  return parts.length > 0 ? parts : undefined;
}

/** Whether the tokens that the server tells are those of the text: of an answer that is whole, without reasoning. */
function isCheckable({ failure, finishReason, reasoning, usage }: Exchange): boolean {
  return failure === undefined && finishReason !== 'aborted' && reasoning === '' && !usage?.reasoningTokens;
}

function isTurn(thread: Thread): boolean {
  const turn = turns.get(thread) ?? { left: 0 };
  turns.set(thread, turn);
  turn.left = turn.left === 0 ? CHECK_EVERY - 1 : turn.left - 1;
  return turn.left === CHECK_EVERY - 1;
}
