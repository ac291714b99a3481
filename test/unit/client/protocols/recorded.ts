import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Exchange, type Failure, openExchange, type Usage } from '../../../../engine/client/exchange.js';
import { type AnyRequest, framingOf, type Protocol } from '../../../../engine/client/protocols/protocol.js';
import { ServerHabits } from '../../../../engine/client/server-habits.js';
import { shareTokens } from '../../../../engine/client/share-tokens.js';
import { feed } from '../../../support/feed.js';

/** Results of decoding an answer. A field left out stands for an answer without it. */
export interface Heard {
  readonly text?: string;
  readonly reasoning?: string;
  readonly toolCalls?: readonly (readonly [id: string, name: string, arguments: string])[];
  readonly finishReason?: string | undefined;
  readonly usage?: Usage;
  readonly failure?: Failure;
  readonly done?: boolean;
  /** Text of each output event. */
  readonly pieces?: readonly string[];
  /** Tokens of each output event, once the server's count was shared out. */
  readonly tokens?: readonly number[];
}

/** Decodes the bytes of an answer, in pieces of any size. */
export function hear(
  protocol: Pick<Protocol<AnyRequest>, 'stream' | 'decode'>,
  pieces: readonly Buffer[],
  streamed = true,
): { readonly exchange: Exchange; readonly heard: Heard } {
  const exchange = openExchange('test', 'm', 0, streamed);
  const said: string[] = [];
  const body = framingOf(protocol, exchange).open({
    onEvent(event, at) {
      const before = exchange.chunkAt.length;
      if (!exchange.failure) protocol.decode(event, at, exchange);
      if (exchange.chunkAt.length > before) said.push(exchange.latest);
    },
    onTooLong: () => assert.fail('nothing is too long'),
  });
  for (const [at, piece] of pieces.entries()) feed(body, piece, at + 1);
  body.end();
  shareTokens(exchange, new ServerHabits());
  const { text, reasoning, toolCalls, finishReason, usage, failure, done, chunkTokens } = exchange;
  const heard: Heard = {
    text,
    reasoning,
    toolCalls: toolCalls.map((call) => [call.id, call.name, call.arguments] as const),
    finishReason,
    done,
    pieces: said,
    tokens: chunkTokens,
    ...(usage && { usage }),
    ...(failure && { failure }),
  };
  return { exchange, heard };
}

const NOTHING: Heard = { text: '', reasoning: '', toolCalls: [], finishReason: undefined, done: true };

/** Tests each recording in one read, byte by byte, and cut anywhere. */
export function recordings<Request extends AnyRequest>(
  protocol: Protocol<Request>,
  table: readonly (readonly [what: string, body: string, expected: Heard])[],
): void {
  for (const [what, body, expected] of table) {
    it(`is read ${what}, wherever it is cut`, () => {
      const bytes = Buffer.from(body);
      const events = body.split(/(?<=\n\n)|(?<=\}\n)(?=\{)/).map((event) => Buffer.from(event));
      const { pieces, tokens, ...rest } = hear(protocol, events).heard;
      assert.deepEqual(
        { ...rest, ...(expected.pieces && { pieces }), ...(expected.tokens && { tokens }) },
        { ...NOTHING, ...expected },
      );
      // How tokens are shared out depends on when events came.
      const heard = (pieces: readonly Buffer[]) => ({ ...hear(protocol, pieces).heard, tokens: [] });
      const all = heard([bytes]);
      assert.deepEqual(all, { ...rest, pieces, tokens: [] });
      const single = [...bytes].map((byte) => Buffer.of(byte));
      assert.deepEqual(heard(single), all);
      fc.assert(
        fc.property(fc.array(fc.nat(bytes.length), { maxLength: 8 }), (cuts) => {
          const ends = [...cuts.toSorted((a, b) => a - b), bytes.length];
          const cut = ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
          assert.deepEqual(heard(cut), all);
        }),
        { numRuns: 25 },
      );
    });
  }
}

/** Server-sent events of these data, or of pairs of name and data. */
export function sse(...events: readonly (object | string | readonly [name: string, data: object])[]): string {
  return events
    .map((event) => {
      if (Array.isArray(event)) return `event: ${event[0]}\ndata: ${JSON.stringify(event[1])}\n\n`;
      return `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`;
    })
    .join('');
}
