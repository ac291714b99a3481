import type { Aggregator } from '../metrics/aggregator.js';
import type { TokenOrigin } from '../metrics/token-origin.js';
import type { View } from '../metrics/values.js';

/**
 * Maximum relative difference between the counts of server and tokenizer. Special tokens differ, or a text that the
 * model encoded in another way.
 */
const MOST_DISAGREEMENT = 0.05;

/** Source of a run's output token counts, and the tokenizer's part, if any. */
export function tokenSource(ledger: Aggregator, { phases }: View, hasTokenizer: boolean): TokenOrigin {
  const total = (metric: string) => ledger.total(metric, phases);
  const countedBy = {
    usage: total('flow_counted_by_usage'),
    tokenizer: total('flow_counted_by_tokenizer'),
    events: total('flow_counted_by_events'),
  };
  const sources = (['usage', 'tokenizer', 'events'] as const).filter((source) => countedBy[source] > 0);
  const [source = 'none'] = sources;
  return {
    tokenSource: sources.length > 1 ? 'mixed' : source,
    countedBy,
    ...(hasTokenizer && {
      tokenizer: {
        skipped: total('flow_uncounted'),
        checked: {
          answers: total('flow_checked_answers'),
          usage: total('flow_checked_usage'),
          tokens: total('flow_checked_tokens'),
        },
      },
    }),
  };
}

/** Warnings where the server's token counts differ from the tokenizer's. */
export function disagreement({ tokenizer }: TokenOrigin): readonly string[] {
  const { answers = 0, usage = 0, tokens = 0 } = tokenizer?.checked ?? {};
  const change = tokens / usage - 1;
  if (usage === 0 || Math.abs(change) <= MOST_DISAGREEMENT) return [];
  const percent = `${(100 * Math.abs(change)).toFixed(1)} % ${change > 0 ? 'more' : 'fewer'}`;
  return [
    `in ${answers} ${answers === 1 ? 'answer' : 'answers'} the server counted ${usage} output tokens and the tokenizer ${tokens}, ${percent}: ` +
      "is it the served model's?",
  ];
}
