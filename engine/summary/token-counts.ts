import type { Aggregator } from '../metrics/aggregator.js';
import type { TokenOrigin } from '../metrics/token-origin.js';
import type { View } from '../metrics/values.js';

/** Server and tokenizer may differ by so much: by special tokens, or by a text that the model wrote in another way. */
const MOST_DISAGREEMENT = 0.05;

/** Where the output tokens of a run were counted, and what the tokenizer did if there was one. */
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

/** A warning where the server counts other tokens than the tokenizer. */
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
