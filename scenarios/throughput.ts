/**
 * Throughput and latency at a peak of users. Ramp up, hold, and judge the hold.
 *
 *     tokenswarm run scenarios/throughput.ts --base-url http://127.0.0.1:8000/v1 -e PEAK_USERS=64 -e HOLD=10m
 *
 * Shows continuous batching. Run it with PEAK_USERS of 1, 8, 64, …: as long as `llm_output_tokens_per_second` grows nearly
 * as fast as the users while `llm_tpot` hardly does, requests share the steps of one batch. Where it is off, or the batch is
 * full (`--max-num-seqs`, KV cache), tokens a second stay where they are and every further user only adds to `llm_ttft`.
 */
import { chat, check, dataset, env, type Options, peakUsers, sleep } from 'tokenswarm';

export const options = {
  scenarios: {
    peak: peakUsers(env.whole('PEAK_USERS', 64, { least: 1 }), {
      ramp: env.duration('RAMP', '1m'),
      hold: env.duration('HOLD', '10m', { least: '1s' }),
    }),
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
const slo = { ttft: env.number('SLO_TTFT', 500, { least: 0 }), tpot: env.number('SLO_TPOT', 50, { least: 0 }) };
const think = env.duration('THINK', '0s');
const prompts = dataset(env.text('DATASET', './data/prompts.zh.jsonl'), {
  sample: env.whole('SAMPLE', 500, { least: 1 }),
  cacheSalt: env.oneOf('SALT', ['no', 'yes']) === 'yes',
});

export default async function () {
  const { messages, maxTokens = 256 } = prompts.draw();
  const answer = await chat({ messages, maxTokens: given || maxTokens, extraBody, slo });
  check(answer, { answered: (a) => a.ok && a.text.length > 0 });
  await sleep(think);
}
