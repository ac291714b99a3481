import assert from 'node:assert/strict';
import { type NativeReader, threadReader } from '../../../../engine/client/reader/native-reader.js';
import { randomSource } from '../../../../engine/random.js';
import { readAnswer } from '../../../support/reader/fed-answer.js';
import { hostileAnswer } from '../../../support/reader/hostile-answers.js';

const CASES = 2000;

type Answer = Awaited<ReturnType<typeof readAnswer>>;

/** Answer without fields that depend on the time of draining. */
function timeless({ exchange, hasEnded }: Answer): object {
  const { endedAt: _, bytesReceived: __, bodyBytes: ___, ...rest } = exchange;
  return { ...rest, hasEnded };
}

describe('an answer that is read in C', () => {
  let reader: NativeReader;

  before(function () {
    const found = threadReader();
    // Built by `npm run build` where there is a C compiler.
    if (!found) this.skip();
    reader = found;
  });

  it(`gives the exchange that JavaScript gives, whatever comes and however it is cut (${CASES} answers)`, async function () {
    this.timeout(60_000);
    let texts = 0;
    for (let seed = 0; seed < CASES; seed += 1) {
      const { reads } = hostileAnswer(randomSource(seed));
      const expected = await readAnswer(reads, undefined);
      const name = `answer ${seed}`;
      assert.deepEqual(await readAnswer(reads, reader), expected, name);
      const random = randomSource(seed);
      const late = await readAnswer(reads, reader, () => random() < 0.5);
      assert.deepEqual(timeless(late), timeless(expected), `${name}, drained late`);
      texts += expected.exchange.chunkAt.length;
    }
    assert.ok(texts > 10 * CASES, `${texts} texts`);
  });
});
