/**
 * Traffic of a public server. Short questions, long documents and long answers at random times.
 *
 *     tokenswarm run scenarios/mixed-traffic.ts --base-url http://127.0.0.1:8000/v1 -e RATE=5 -e DURATION=10m
 *
 * Shows continuous batching and chunked prefill together. Read the rows of the three kinds: questions should keep the TTFT and
 * TPOT that poisson-rate.ts gives them alone. If `llm_ttft{name:question}` grows, they wait behind documents (chunked
 * prefill, a larger `--max-num-batched-tokens`); if `llm_tpot{name:question}` does, behind a full batch of long answers.
 */
import { chat, check, dataset, env, type Options, random, synthetic } from 'tokenswarm';

const rate = env.number('RATE', 5, { least: 0.01 });

export const options = {
  scenarios: {
    traffic: {
      executor: 'constant-arrival-rate',
      rate,
      duration: env.duration('DURATION', '5m', { least: '1s' }),
      arrivals: 'poisson',
      preAllocatedVUs: Math.ceil(5 * rate),
      maxVUs: Math.ceil(60 * rate),
    },
  },
  thresholds: {
    'llm_ttft{name:question}': [],
    'llm_tpot{name:question}': [],
    'llm_ttft{name:document}': [],
    'llm_tpot{name:code}': [],
    llm_failed: ['rate<0.01'],
    'dropped_iterations{window:whole}': ['count<1'],
  },
} satisfies Options;

const documentShare = env.number('DOCUMENTS', 0.2, { least: 0, most: 1 });
const codeShare = env.number('CODE', 0.2, { least: 0, most: 1 });
const questions = dataset(env.text('DATASET', './data/prompts.en.jsonl'));
const documents = synthetic({ input: 'lognormal 4000 2000 in 1000-12000', output: 'uniform 50-200' });
const code = synthetic({ input: 'uniform 200-800', output: 'uniform 300-800' });

function draw() {
  const kind = random();
  if (kind < documentShare) return { ...documents.draw(), name: 'document' };
  if (kind < documentShare + codeShare) return { ...code.draw(), name: 'code' };
  const { messages, maxTokens = 200 } = questions.draw();
  return { messages, maxTokens, name: 'question' };
}

export default async function () {
  const answer = await chat(draw());
  check(answer, { answered: (a) => a.ok });
}
