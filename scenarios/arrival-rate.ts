/**
 * An open load: requests come as those of many independent people do, whether the server keeps up or not.
 *
 *     tokenswarm run scenarios/arrival-rate.ts --base-url http://127.0.0.1:8000/v1 -e RATE=20 -e DURATION=5m
 */
import { chat, check, dataset, type Options } from 'tokenswarm';

const rate = Number(__ENV.RATE ?? 10);

export const options = {
  scenarios: {
    people: {
      executor: 'constant-arrival-rate',
      rate,
      duration: __ENV.DURATION ?? '1m',
      arrivals: 'poisson',
      // One user for each request in flight: enough for answers of four seconds, at most for those of forty.
      preAllocatedVUs: Math.ceil(4 * rate),
      maxVUs: Math.ceil(40 * rate),
    },
  },
  thresholds: {
    // From the instant at which a request was due, so that asking late does not flatter.
    llm_e2e_scheduled: ['p(95)<10000'],
    llm_failed: ['rate<0.01'],
    'dropped_iterations{window:whole}': ['count<1'],
  },
} satisfies Options;

const prompts = dataset('./data/prompts.en.jsonl');

export default async function () {
  const answer = await chat({ messages: prompts.next(), maxTokens: 128, slo: { ttft: 500, tpot: 50 } });
  check(answer, { answered: (a) => a.ok && a.text.length > 0 });
}
