import assert from 'node:assert/strict';
import { readK6Params } from '../../../../engine/vu/k6/http-params.js';

describe('parameters of a request in a k6 script', () => {
  it('count for nothing where they are unknown or empty', () => {
    assert.deepEqual(readK6Params({ headers: null, tags: undefined, verbose: true, jar: {} }).params, {});
    for (const none of [undefined, null, 'text', 7, []]) assert.equal(readK6Params(none).params, undefined);
  });

  it('are read by k6 rules', () => {
    const given = {
      headers: { a: 1, b: null },
      cookies: { c: { value: 'x', replace: true }, d: 7 },
      timeout: 500,
      throw: 1,
    };
    assert.deepEqual(
      readK6Params({ ...given, redirects: '2', compression: ' ', responseCallback: null, auth: 'digest' }),
      {
        login: 'digest',
        params: {
          headers: { a: 1 },
          cookies: { c: { value: 'x', replace: true }, d: '7' },
          ...{ timeout: '500ms', throw: true, redirects: 2, responseCallback: null },
        },
      },
    );
  });

  it('throw where the value has no meaning', () => {
    assert.throws(() => readK6Params({ timeout: 'soon' }), /timeout: expected a duration such as "30s", got soon/);
    assert.throws(() => readK6Params({ responseCallback: 200 }), /http\.expectedStatuses/);
  });
});
