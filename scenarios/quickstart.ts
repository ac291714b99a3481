/** A first run. Ramp to 20 users in 5 seconds, hold them for 20. `npm start` runs it against the embedded simulator. */
import { chat, check, dataset, type Options, peakUsers, random, sleep } from 'tokenswarm';

export const options = {
  scenarios: { peak: peakUsers(20, { ramp: '5s', hold: '20s' }) },
  thresholds: {
    llm_ttft: ['p(95)<500'],
    llm_failed: ['rate<0.01'],
  },
} satisfies Options;

const prompts = dataset('./data/prompts.zh.jsonl');

export default async function () {
  const answer = await chat({ messages: prompts.next(), maxTokens: 128, slo: { ttft: 500, tpot: 50 } });
  check(answer, { answered: (a) => a.ok && a.text.length > 0 });
  await sleep(0.5 + random());
}
