import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BUILT_IN, type MetricInfo } from '../../../engine/metrics/catalogue.js';
import {
  aggregationsOf,
  holds,
  meantCondition,
  type Operator,
  offers,
  parseCondition,
  parseSelector,
  samplesNeeded,
} from '../../../engine/metrics/thresholds.js';

describe('a condition that cannot be read', () => {
  const meant: readonly (readonly [source: string, condition: string | undefined])[] = [
    ['p(95)<0.5s', 'p(95)<500'],
    ['p95 < 250ms', 'p(95)<250'],
    ['P99<=1.5s', 'p(99)<=1500'],
    ['avg<2m', 'avg<120000'],
    ['mean<5', undefined],
    ['soon', undefined],
  ];
  for (const [source, condition] of meant) {
    it(`${JSON.stringify(source)} is meant as ${condition}`, () => assert.equal(meantCondition(source), condition));
  }
});

describe('a condition', () => {
  const readable: readonly (readonly [source: string, aggregation: string, operator: string, limit: number])[] = [
    ['p(95)<500', 'p(95)', '<', 500],
    ['p(95) < 500', 'p(95)', '<', 500],
    ['  p( 95 )  <=  500  ', 'p(95)', '<=', 500],
    ['p(99.99)<1', 'p(99.99)', '<', 1],
    ['p(0)>0', 'p(0)', '>', 0],
    ['p(100)<9', 'p(100)', '<', 9],
    ['count>10', 'count', '>', 10],
    ['rate>=0.99', 'rate', '>=', 0.99],
    ['value==1', 'value', '==', 1],
    ['value===1', 'value', '===', 1],
    ['value!=1', 'value', '!=', 1],
    ['avg<2.5', 'avg', '<', 2.5],
    ['min>.5', 'min', '>', 0.5],
    ['max<5.', 'max', '<', 5],
    ['med<1e3', 'med', '<', 1000],
    ['med<1.5E-3', 'med', '<', 0.0015],
    ['avg<1e+2', 'avg', '<', 100],
    ['avg>-5', 'avg', '>', -5],
    ['avg>+5', 'avg', '>', 5],
    ['avg\t<\n5', 'avg', '<', 5],
  ];
  for (const [source, aggregation, operator, limit] of readable) {
    it(`reads ${JSON.stringify(source)}`, () => {
      assert.deepEqual(parseCondition(source), { aggregation, operator, limit });
    });
  }

  const unreadable = [
    '',
    'p(95)',
    'p(95)<',
    '<500',
    'p(95)500',
    'p(101)<5',
    'p(100.1)<5',
    'p(-5)<5',
    'p()<5',
    'p95<5',
    'p(9 5)<5',
    'P(95)<5',
    'mean<5',
    'avg=5',
    'avg<>5',
    'avg=>5',
    'avg< 5ms',
    'avg<5,max<6',
    'avg<5 || max<6',
    'avg<Infinity',
    'avg<NaN',
    'avg<0x10',
    'avg<1e',
    'avg<.',
    'avg<--5',
    'avg<1 000',
    'a vg<5',
  ];
  for (const source of unreadable) {
    it(`cannot read ${JSON.stringify(source)}`, () => assert.equal(parseCondition(source), undefined));
  }

  it('is restored from its text, whatever its number', () => {
    const numbers = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(numbers, (limit) => assert.equal(parseCondition(`avg<${limit}`)?.limit, limit === 0 ? 0 : limit)),
    );
  });
});

describe('a selector', () => {
  const readable: readonly (readonly [text: string, name: string, selector: Record<string, string>])[] = [
    ['llm_ttft', 'llm_ttft', {}],
    [' llm_ttft ', 'llm_ttft', {}],
    ['m{}', 'm', {}],
    ['m{ }', 'm', {}],
    ['m{a:b}', 'm', { a: 'b' }],
    ['m{a:b,c:d}', 'm', { a: 'b', c: 'd' }],
    [' m { a : b , c : d } ', 'm', { a: 'b', c: 'd' }],
    ['m{a:b,}', 'm', { a: 'b' }],
    ['m{a:}', 'm', { a: '' }],
    ['m{a:"b c"}', 'm', { a: 'b c' }],
    ["m{a:' b '}", 'm', { a: ' b ' }],
    ['m{"a":"b"}', 'm', { a: 'b' }],
    ['m{a:"b,c",d:e}', 'm', { a: 'b,c', d: 'e' }],
    ["m{a: 'x:1, y:2' , d:e}", 'm', { a: 'x:1, y:2', d: 'e' }],
    ["m{a:it's,b:that's}", 'm', { a: "it's", b: "that's" }],
    ['m{a:"b}', 'm', { a: '"b' }],
    ['m{url:http://h:80/x}', 'm', { url: 'http://h:80/x' }],
    ['m{name:/users/{id}}', 'm', { name: '/users/{id}' }],
    ['m{name:/users/{id}/x,b:c}', 'm', { name: '/users/{id}/x', b: 'c' }],
    ['m{name:短い}', 'm', { name: '短い' }],
  ];
  for (const [text, name, selector] of readable) {
    it(`reads ${JSON.stringify(text)}`, () => assert.deepEqual(parseSelector(text), { name, selector }));
  }

  for (const text of ['m{', 'm{a:b', 'm{a:b}x', 'm{a}', 'm{:b}', 'm{a:b,c}', '{a:b']) {
    it(`cannot read ${JSON.stringify(text)}`, () => assert.equal(parseSelector(text), undefined));
  }
});

describe('the aggregations of a metric', () => {
  const trend = ['avg', 'min', 'max', 'med', 'p(N)'];
  const table: readonly (readonly [what: string, info: MetricInfo, offered: readonly string[]])[] = [
    ['counter', BUILT_IN.llm_requests, ['count', 'rate']],
    ['gauge', BUILT_IN.vus, ['value']],
    ['rate', BUILT_IN.llm_failed, ['rate']],
    ['trend', BUILT_IN.llm_ttft, trend],
    ['count of tokens', BUILT_IN.llm_output_tokens, ['count', 'rate', ...trend]],
    ['derived figure', BUILT_IN.llm_output_tokens_per_second, ['value']],
  ];
  const ALL = ['count', 'rate', 'value', 'avg', 'min', 'max', 'med', 'p(95)', 'p(99.9)'];
  for (const [what, info, offered] of table) {
    it(`are ${offered.join(', ')} for a ${what}`, () => {
      assert.deepEqual(aggregationsOf(info), offered);
      for (const aggregation of ALL) {
        assert.equal(offers(info, aggregation), offered.includes(aggregation.replace(/\(.*/, '(N)')), aggregation);
      }
    });
  }
});

describe('a limit', () => {
  const table: readonly (readonly [operator: Operator, below: boolean, at: boolean, above: boolean])[] = [
    ['>', false, false, true],
    ['>=', false, true, true],
    ['<', true, false, false],
    ['<=', true, true, false],
    ['==', false, true, false],
    ['===', false, true, false],
    ['!=', true, false, true],
  ];
  for (const [operator, ...expected] of table) {
    it(`with ${operator} holds below, at and above itself: ${expected.join(', ')}`, () => {
      const found = [4, 5, 6].map((value) => holds(value, operator, 5));
      assert.deepEqual(found, expected);
    });
  }
});

describe('the samples that a percentile needs', () => {
  const table: readonly (readonly [percentile: number, samples: number])[] = [
    [0, 2],
    [50, 11],
    [75, 24],
    [90, 64],
    [95, 130],
    [99, 662],
    [99.5, 1325],
    [99.9, 6636],
    [99.99, 66_381],
    [100, 0],
  ];
  for (const [percentile, samples] of table) {
    it(`are ${samples} for p${percentile}`, () => assert.equal(samplesNeeded(percentile), samples));
  }

  it('are the fewest of which two lie above the percentile with 99 % confidence', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 99.99, noNaN: true }), (percentile) => {
        const p = percentile / 100;
        const doubt = (n: number) => p ** n + n * (1 - p) * p ** (n - 1);
        const needed = samplesNeeded(percentile);
        assert.ok(doubt(needed) < 0.01 + 1e-9 && doubt(needed - 1) > 0.01 - 1e-9, `${needed}`);
      }),
    );
  });
});
