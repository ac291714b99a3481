/**
 * Throughput and latency at a peak of users: ramp up, hold, and judge the steady state.
 *
 *     tokenswarm run scenarios/peak-users.ts --base-url http://127.0.0.1:8000/v1 -e USERS=64 -e HOLD=10m
 */
import { chat, check, dataset, type Options, peakUsers, sleep } from 'tokenswarm';

export const options = {
  scenarios: {
    peak: peakUsers(Number(__ENV.USERS ?? 64), { ramp: __ENV.RAMP ?? '1m', hold: __ENV.HOLD ?? '10m' }),
  },
  thresholds: { llm_ttft: ['p(95)<500'], llm_failed: ['rate<0.01'] },
} satisfies Options;

const prompts = dataset(__ENV.DATASET ?? './data/prompts.zh.jsonl');

export default async function () {
  const answer = await chat({ messages: prompts.next(), maxTokens: 256, name: 'short', slo: { ttft: 500, tpot: 50 } });
  check(answer, { answered: (a) => a.ok && a.text.length > 0 });
  await sleep('1s');
}
