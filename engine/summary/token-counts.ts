import type { Aggregator } from '../metrics/aggregator.js';
import type { TokenOrigin } from '../metrics/token-origin.js';
import type { View } from '../metrics/values.js';

/**
 * Maximum relative difference between the counts of server and tokenizer. Special tokens differ, or a text that the
 * model encoded in another way.
 */
const MOST_DISAGREEMENT = 0.05;

/** Source of a run's output token counts, and the tokenizer's part. */
export function tokenSource(aggregator: Aggregator, { phases }: View, hasTokenizer: boolean): TokenOrigin {
  const total = (metric: string) => aggregator.total(metric, phases);
  const countedBy = {
    usage: total('flow_counted_by_usage'),
    tokenizer: total('flow_counted_by_tokenizer'),
    events: total('flow_counted_by_events'),
  };
  const sources = (['usage', 'tokenizer', 'events'] as const).filter((source) => countedBy[source] > 0);
  const [source = 'none'] = sources;
  const disbelieved = aggregator.splits('flow_disbelieved', ['reason', 'by']).flatMap(({ reason = '', by = '' }) => {
    const count = aggregator.total('flow_disbelieved', phases, { reason, by });
    return count > 0 ? [{ reason, by, count }] : [];
  });
  const inputDisbelieved = total('flow_disbelieved_input');
  const inOnePiece = total('flow_one_piece');
  return {
    tokenSource: sources.length > 1 ? 'mixed' : source,
    countedBy,
    ...(disbelieved.length > 0 && { disbelieved }),
    ...(inputDisbelieved > 0 && { inputDisbelieved }),
    ...(inOnePiece > 0 && {
      streams: { all: total('flow_streams'), inOnePiece, heldBack: total('flow_held_back') },
    }),
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

/** Warnings about impossible token counts. */
export function disbelief({ disbelieved = [], inputDisbelieved = 0 }: TokenOrigin): readonly string[] {
  const output = disbelieved.map(({ reason, by, count }) => {
    const instead = by === 'tokenizer' ? 'the tokenizer counted them' : 'stream events were counted';
    return `${answers(count)} reported impossible output token counts${reason && ` (${reason})`}: ${instead} instead`;
  });
  if (inputDisbelieved === 0) return output;
  return [...output, `${answers(inputDisbelieved)} reported impossible input token counts: they are in no figure`];
}

/** Minimum share of streams in one piece for a warning. */
const MANY = 0.1;

/** Warnings about streams in one piece. */
export function onePiece({ streams }: TokenOrigin): readonly string[] {
  if (!streams || streams.heldBack === 0 || streams.heldBack < MANY * streams.all) return [];
  const { all, inOnePiece } = streams;
  return [
    `${inOnePiece} of ${all} streams came in one piece (a proxy that buffers, or a server that does not stream): ` +
      'their TPOT and ITL are not known and in no figure',
  ];
}

function answers(count: number): string {
  return count === 1 ? '1 answer' : `${count} answers`;
}

/** Warnings where the server's token counts differ from the tokenizer's. */
export function disagreement({ tokenizer }: TokenOrigin): readonly string[] {
  const { answers: checked = 0, usage = 0, tokens = 0 } = tokenizer?.checked ?? {};
  const change = tokens / usage - 1;
  if (usage === 0 || Math.abs(change) <= MOST_DISAGREEMENT) return [];
  const percent = `${(100 * Math.abs(change)).toFixed(1)} % ${change > 0 ? 'more' : 'fewer'}`;
  return [
    `in ${answers(checked)} the server counted ${usage} output tokens and the tokenizer ${tokens}, ${percent}: ` +
      "is it the served model's?",
  ];
}
