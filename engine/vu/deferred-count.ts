import type { Exchange } from '../client/exchange.js';
import type { ServerHabits } from '../client/server-habits.js';
import { shareTokens } from '../client/share-tokens.js';
import type { Thread } from './thread-context.js';

/** Interval of checked answers: one in ten with usage is counted too. */
const CHECK_EVERY = 10;

/** Answers until the next check, by thread. */
const turns = new WeakMap<Thread, { left: number }>();

/**
 * Calls `settle` once the output tokens of a finished request are final. At once where the server reported them or
 * there is no tokenizer, else when the tokenizer has counted them. Counts a sample of the others too, to compare both
 * counts.
 */
export function whenCounted(thread: Thread, exchange: Exchange, habits: ServerHabits, settle: () => void): void {
  const { counting } = thread;
  const parts = counting && partsOf(exchange);
  if (!counting || !parts) {
    settle();
    return;
  }
  if (exchange.usage?.outputTokens !== undefined) {
    settle();
    if (!isCheckable(exchange) || !isTurn(thread)) return;
    const reported = exchange.usage.outputTokens;
    const ended = exchange.finishReason === 'stop';
    counting.count(parts, (tokens) => {
      if (tokens === undefined) return;
      record(thread, exchange, 'flow_checked_answers', 1);
      // Most servers count the end-of-sequence token, which has no text.
      record(thread, exchange, 'flow_checked_usage', ended && tokens < reported ? reported - 1 : reported);
      record(thread, exchange, 'flow_checked_tokens', tokens);
    });
    return;
  }
  counting.count(parts, (tokens) => {
    if (tokens === undefined) record(thread, exchange, 'flow_uncounted', 1);
    else {
      exchange.counted = Math.max(1, tokens);
      shareTokens(exchange, habits);
    }
    settle();
  });
}

type CountedMetric = 'flow_checked_answers' | 'flow_checked_usage' | 'flow_checked_tokens' | 'flow_uncounted';

function record(
  { recorder }: Thread,
  { sentAt, endedAt = sentAt }: Exchange,
  metric: CountedMetric,
  amount: number,
): void {
  recorder?.counter(metric, {}, recorder.phaseAt(endedAt)).add(amount);
}

/** Texts to count. Undefined for tool calls, whose tokens are not those of their text. */
function partsOf({ text, reasoning, toolCalls, censored }: Exchange): readonly string[] | undefined {
  if (censored || toolCalls.length > 0) return undefined;
  const parts = [reasoning, text].filter((part) => part !== '');
  return parts.length > 0 ? parts : undefined;
}

/** True where usage counts the answer's text: complete, without reasoning. */
function isCheckable({ failure, finishReason, reasoning, usage }: Exchange): boolean {
  return failure === undefined && finishReason !== 'aborted' && reasoning === '' && !usage?.reasoningTokens;
}

function isTurn(thread: Thread): boolean {
  const turn = turns.get(thread) ?? { left: 0 };
  turns.set(thread, turn);
  turn.left = turn.left === 0 ? CHECK_EVERY - 1 : turn.left - 1;
  return turn.left === CHECK_EVERY - 1;
}
