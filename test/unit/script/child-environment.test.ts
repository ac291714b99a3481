import assert from 'node:assert/strict';
import { childEnvironment, serverEnvironment, startWithoutSecrets } from '../../../engine/script/child-environment.js';

const ENVIRONMENT = {
  PATH: '/bin',
  OPENAI_API_KEY: 'k',
  TOKENSWARM_API_KEY: 'k',
  HF_TOKEN: 't',
  AWS_SECRET_ACCESS_KEY: 's',
  HTTP_PROXY: 'http://user:password@proxy:3128',
  NO_PROXY: 'localhost',
  TOKENIZERS_PARALLELISM: 'false',
};

describe('the environment of a child process', () => {
  it('of our own has no secrets', () => {
    assert.deepEqual(Object.keys(childEnvironment(ENVIRONMENT)), ['PATH', 'NO_PROXY', 'TOKENIZERS_PARALLELISM']);
  });

  it("of the user's lacks only the keys that are for us", () => {
    const { OPENAI_API_KEY: _, TOKENSWARM_API_KEY: __, ...others } = ENVIRONMENT;
    assert.deepEqual(serverEnvironment(ENVIRONMENT), others);
  });

  it('is emptied of secrets where it cannot be passed', () => {
    process.env.TOKENSWARM_TEST_TOKEN = 't';
    try {
      assert.equal(
        startWithoutSecrets(() => process.env.TOKENSWARM_TEST_TOKEN),
        undefined,
      );
      assert.equal(process.env.TOKENSWARM_TEST_TOKEN, 't');
    } finally {
      delete process.env.TOKENSWARM_TEST_TOKEN;
    }
  });
});
