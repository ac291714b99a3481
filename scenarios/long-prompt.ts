/**
 * Long documents among short chats. The effect of a prefill on running answers.
 *
 *     tokenswarm run scenarios/long-prompt.ts --base-url http://127.0.0.1:8000/v1 -e INPUT=16000 -e RATE=0.5
 *
 * Shows chunked prefill. Read the gaps of the talks, `llm_itl{name:talk}`, at p(99) and max: with it off, every document that
 * comes stops all answers for as long as its prefill takes; with it on, for no longer than one step of
 * `--max-num-batched-tokens`. The price is the documents' own `llm_ttft{name:document}`, which may grow.
 */
import { chat, check, dataset, env, type Options, synthetic } from 'tokenswarm';

const duration = env.duration('DURATION', '5m', { least: '1s' });
const rate = env.number('RATE', 0.2, { least: 0.001 });

export const options = {
  scenarios: {
    talks: { executor: 'constant-vus', vus: env.whole('USERS', 8, { least: 1 }), duration, exec: 'talk' },
    documents: {
      executor: 'constant-arrival-rate',
      rate,
      duration,
      preAllocatedVUs: Math.ceil(10 * rate),
      maxVUs: Math.ceil(100 * rate),
      exec: 'read',
    },
  },
  thresholds: {
    'llm_itl{name:talk}': [],
    'llm_ttft{name:talk}': [],
    'llm_ttft{name:document}': [],
    llm_failed: ['rate<0.01'],
  },
} satisfies Options;

const prompts = dataset(env.text('DATASET', './data/prompts.en.jsonl'));
// A length that is given wins over that of a row's own answer.
const given = env.whole('MAX_TOKENS', 0, { least: 0 });
const least = env.whole('MIN_TOKENS', 0, { least: 0 });
const extraBody = {
  ...(env.oneOf('IGNORE_EOS', ['no', 'yes']) === 'yes' && { ignore_eos: true }),
  ...(least > 0 && { min_tokens: least }),
};
const documents = synthetic({ input: env.whole('INPUT', 8000, { least: 1 }), output: 32 });

export async function talk() {
  const { messages, maxTokens = 256 } = prompts.draw();
  const answer = await chat({ messages, maxTokens: given || maxTokens, extraBody, name: 'talk' });
  check(answer, { answered: (a) => a.ok && a.text.length > 0 });
}

export async function read() {
  const answer = await chat({ ...documents.draw(), name: 'document' });
  check(answer, { answered: (a) => a.ok });
}
