import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { strikeWrongCounts } from '../../engine/client/believed-counts.js';
import { type Exchange, openExchange } from '../../engine/client/exchange.js';
import { type AnyRequest, framingOf, type Protocol } from '../../engine/client/protocols/protocol.js';
import { ServerHabits } from '../../engine/client/server-habits.js';
import { shareTokens } from '../../engine/client/share-tokens.js';
import { feed } from './feed.js';

const FOLDER = new URL('../../../test/unit/client/transcripts/', import.meta.url);

/**
 * Exchange of a server's recorded answer, read again. `at` gives the arrival of each of its events, in milliseconds;
 * `file` is a path in the folder of transcripts; `maxTokens` is the limit that was asked for.
 */
export function replay(
  protocol: Pick<Protocol<AnyRequest>, 'stream' | 'decode'>,
  file: string,
  at: (event: number) => number,
  maxTokens?: number,
): Exchange {
  const exchange = openExchange('test', 'm', 0);
  exchange.maxTokens = maxTokens;
  const body = framingOf(protocol, exchange).open({
    onEvent: (event, now) => protocol.decode(event, now, exchange),
    onTooLong: () => assert.fail('nothing is too long'),
  });
  const end = file.endsWith('.ndjson') ? /(?<=\n)/ : /(?<=\n\n)/;
  for (const [index, event] of readFileSync(new URL(file, FOLDER), 'utf8').split(end).entries()) {
    feed(body, Buffer.from(event), at(index));
  }
  body.end();
  const habits = new ServerHabits();
  strikeWrongCounts(exchange, habits);
  shareTokens(exchange, habits);
  return exchange;
}
