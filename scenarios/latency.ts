/**
 * One user, one prompt after another. The latencies of an otherwise idle server.
 *
 *     tokenswarm run scenarios/latency.ts --base-url http://127.0.0.1:8000/v1 -e N=1000 -e DATASET=./data/prompts.en.jsonl
 *
 * Read `llm_ttft` (prefill: compute), `llm_tpot` and `llm_itl` (decode: memory bandwidth) and `llm_e2e`, and compare
 * cards by them. Shows speculative decoding, which helps most where the batch is one: with it on, `llm_tpot` falls to
 * about 1 / (tokens accepted a step) of what it was while `llm_chunk_gap` stays or grows a little; TTFT stays.
 */
import { chat, check, dataset, env, type Options } from 'tokenswarm';

export const options = {
  scenarios: {
    latency: {
      executor: 'shared-iterations',
      vus: 1,
      iterations: env.whole('N', 1000, { least: 1 }),
      maxDuration: env.duration('MAX_DURATION', '12h', { least: '1s' }),
    },
  },
  thresholds: { llm_failed: ['rate<0.01'] },
} satisfies Options;

// A length that is given wins over that of a row's own answer.
const given = env.whole('MAX_TOKENS', 0, { least: 0 });
const least = env.whole('MIN_TOKENS', 0, { least: 0 });
const extraBody = {
  ...(env.oneOf('IGNORE_EOS', ['no', 'yes']) === 'yes' && { ignore_eos: true }),
  ...(least > 0 && { min_tokens: least }),
};
const prompts = dataset(env.text('DATASET', './data/prompts.zh.jsonl'), {
  cacheSalt: env.oneOf('SALT', ['no', 'yes']) === 'yes',
});

export default async function () {
  const { messages, maxTokens = 256 } = prompts.draw();
  const answer = await chat({ messages, maxTokens: given || maxTokens, extraBody });
  check(answer, { answered: (a) => a.ok && a.text.length > 0 });
}
