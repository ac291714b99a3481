/**
 * Recorded traffic, replayed with its own times and lengths.
 *
 *     tokenswarm run scenarios/trace.ts --base-url http://127.0.0.1:8000/v1 -e TRACE=/data/BurstGPT_1.csv -e FROM=2h -e SPEED=2
 *
 * Forms of Mooncake, BurstGPT and Azure. Read `llm_ttft_scheduled` and `dropped_iterations`; raise SPEED until they suffer.
 * Mooncake's `hash_ids` say which requests began alike, and their prompts do again: with prefix caching on, TTFT falls and
 * the prefix hits of the server (`server` in the report) come near the share of blocks that the trace repeats.
 */
import { chat, check, env, type Options, traceRow } from 'tokenswarm';

export const options = {
  scenarios: {
    replay: {
      executor: 'trace',
      file: env.text('TRACE', './data/trace.jsonl'),
      speed: env.number('SPEED', 1, { least: 0.001 }),
      from: env.duration('FROM', '0s'),
      preAllocatedVUs: env.whole('USERS', 100, { least: 1 }),
      maxVUs: env.whole('MAX_USERS', 1000, { least: 1 }),
    },
  },
  thresholds: { llm_ttft_scheduled: ['p(95)<5000'], 'dropped_iterations{window:whole}': ['count<1'] },
} satisfies Options;

export default async function () {
  const { prompt, outputTokens } = traceRow();
  const answer = await chat({ messages: prompt, maxTokens: outputTokens, extraBody: { ignore_eos: true } });
  check(answer, { answered: (a) => a.ok });
}
