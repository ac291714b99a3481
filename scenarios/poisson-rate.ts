/**
 * Poisson arrivals, as from independent people, sent even to an overloaded server.
 *
 *     tokenswarm run scenarios/poisson-rate.ts --base-url http://127.0.0.1:8000/v1 -e RATE=20 -e DURATION=5m
 *
 * Shows continuous batching under traffic: below what the server can do, a request that comes joins the running batch, so
 * `llm_ttft_scheduled` is hardly more than with one user, and `llm_concurrency` settles. Above it nothing settles: TTFT and
 * concurrency grow for as long as it lasts, and at last arrivals are dropped. BURSTINESS below 1 makes bursts.
 */
import { chat, check, dataset, env, type Options } from 'tokenswarm';

const rate = env.number('RATE', 10, { least: 0.01 });
const burstiness = env.number('BURSTINESS', 1, { least: 0.01, most: 1000 });

export const options = {
  scenarios: {
    people: {
      executor: 'constant-arrival-rate',
      rate,
      duration: env.duration('DURATION', '5m', { least: '1s' }),
      arrivals: burstiness === 1 ? 'poisson' : { gamma: burstiness },
      // One user per request in flight: enough for answers of four seconds, at most for those of forty.
      preAllocatedVUs: Math.ceil(4 * rate),
      maxVUs: Math.ceil(40 * rate),
    },
  },
  thresholds: {
    // From the scheduled start of a request, so that sending late does not flatter the figure.
    llm_ttft_scheduled: ['p(95)<2000'],
    llm_failed: ['rate<0.01'],
    'dropped_iterations{window:whole}': ['count<1'],
  },
} satisfies Options;

// A length that is given wins over that of a row's own answer.
const given = env.whole('MAX_TOKENS', 0, { least: 0 });
const least = env.whole('MIN_TOKENS', 0, { least: 0 });
const extraBody = {
  ...(env.oneOf('IGNORE_EOS', ['no', 'yes']) === 'yes' && { ignore_eos: true }),
  ...(least > 0 && { min_tokens: least }),
};
const prompts = dataset(env.text('DATASET', './data/prompts.en.jsonl'));

export default async function () {
  const { messages, maxTokens = 256 } = prompts.draw();
  const answer = await chat({ messages, maxTokens: given || maxTokens, extraBody, slo: { ttft: 500, tpot: 50 } });
  check(answer, { answered: (a) => a.ok && a.text.length > 0 });
}
