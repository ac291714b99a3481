import assert from 'node:assert/strict';
import { readPrices } from '../../../../engine/results/advise/prices.js';
import { ask, levels, refusal } from './advised-runs.js';

describe('the objectives of advice', () => {
  it('refuses conditions that cannot be read, all at once', () => {
    const error = refusal(() =>
      ask(levels('H800', [[1, 50, 5]]), {
        slos: [
          'llm_tfft:avg<1',
          'llm_ttft:rate<1',
          'llm_ttft',
          'llm_ttft:avg==5',
          'llm_ttft{name:a}:avg<5',
          'llm_failed:rate<0.01',
        ],
      }),
    );
    assert.equal(error.where, '--slo');
    assert.deepEqual(error.message.split('\n'), [
      '"llm_tfft:avg<1": there is no metric called llm_tfft; did you mean "llm_ttft"?',
      '"llm_ttft:rate<1": llm_ttft is a trend and has no rate; it has avg, min, max, med, p(N)',
      '"llm_ttft" cannot be read: expected METRIC:CONDITION such as llm_ttft:p(95)<500',
      '"llm_ttft:avg==5": expected <, <=, > or >=, got ==',
      '"llm_ttft{name:a}:avg<5": no record has llm_ttft{name:a}; set a threshold on it when you run',
    ]);
  });

  it('refuses prices of the wrong form, with the path of each field', () => {
    const message = (content: unknown) => refusal(() => readPrices('prices.json', content)).message;
    assert.match(
      message({ currency: 1, perCardHour: { H800: '2.5', A800: -1 }, tax: 3 }),
      /^tax: is not known\ncurrency: expected a text, got 1\nperCardHour\.H800: expected a number from 0 up, got "2\.5"\nperCardHour\.A800: /,
    );
    assert.match(message([]), /^(currency|the file): /);
    assert.equal(
      message({ currency: 'USD', perCardHour: { H800: 1, 'nvidia h800': 2 } }),
      'perCardHour: H800 and nvidia h800 are the same card',
    );
  });
});
