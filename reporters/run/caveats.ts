import type { Summary } from '../../engine/metrics/snapshot.js';
import type { Item, Tone } from '../document/document.js';
import { amount, count } from '../format.js';
import { FEW_SAMPLES, FEW_SAMPLES_MEANING } from '../sample-size.js';
import { cutOffText } from './cut-off.js';

/** Caveats of a run, the gravest first, without duplicates. Then the meaning of a mark. */
export function caveatsOf(summary: Summary): readonly Item[] {
  const { quality, warnings } = summary;
  const cutOff = summary.sessions && cutOffText(summary.sessions);
  const notes = [...quality.notes, ...tokenSource(summary), ...fewInOnePiece(summary), ...inflation(summary)];
  const as = (tone: Tone, texts: readonly string[]) => texts.map((text) => [text, { tone, text }] as const);
  const all = [
    ...as(quality.verdict === 'invalid' ? 'bad' : 'doubtful', quality.reasons),
    ...as('doubtful', cutOff === undefined ? warnings : [...warnings, cutOff]),
    ...as('muted', notes),
  ];
  const told = [...new Map<string, Item>(all.toReversed()).values()].toReversed();
  return [...told, { text: FEW_SAMPLES_MEANING, explains: FEW_SAMPLES }];
}

/** Estimated measurement overhead; docs/metrics.md gives the method. */
function inflation({ quality }: Summary): readonly string[] {
  if (!quality.inflation) return [];
  const { ttft, itl, p99 } = quality.inflation;
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  return [`the generator added about ${ms(ttft)} to TTFT and ${ms(itl)} to ITL (p99 ${ms(p99)})`];
}

/** Note on a few one-piece answers. Many of them are a warning instead. */
function fewInOnePiece({ requests, warnings }: Summary): readonly string[] {
  const { all, inOnePiece } = requests.streams ?? { all: 0, inOnePiece: 0 };
  if (inOnePiece === 0 || warnings.some((warning) => warning.includes('in one piece'))) return [];
  return [`${count(inOnePiece)} of ${count(all)} streams came in one read: they have no TPOT and ITL`];
}

function tokenSource({ requests }: Summary): readonly string[] {
  const { tokenSource, countedBy, tokenizer } = requests;
  switch (tokenSource) {
    case 'tokenizer':
      return ["output tokens are counted by the model's tokenizer: the server did not report its usage"];
    case 'events':
      if (requests.disbelieved) return ['output tokens are stream events counted, an estimate'];
      return ['output tokens are counted as stream events, an estimate: the server did not report its usage'];
    case 'mixed':
      if (countedBy && tokenizer) {
        const { usage, tokenizer: by, events } = countedBy;
        const late = tokenizer.skipped > 0 ? `, ${count(tokenizer.skipped)} because the tokenizer had no time` : '';
        return [
          `output tokens are the server's usage for ${amount(usage, 'request')}, counted by the tokenizer for ` +
            `${count(by)} and counted as stream events, an estimate, for ${count(events)}${late}`,
        ];
      }
      return [
        'output tokens of some requests are counted as stream events: the server did not always report its usage',
      ];
    case 'usage':
    case 'none':
      return [];
  }
}
