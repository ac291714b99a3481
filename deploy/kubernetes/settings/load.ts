import { chat } from 'tokenswarm';

export const options = {
  scenarios: { steady: { executor: 'constant-vus', vus: 300, duration: '5m' } },
  thresholds: { llm_ttft: ['p(95)<500'], llm_failed: ['rate<0.01'] },
};

export default async function () {
  await chat({ messages: 'Why is the sky blue?', maxTokens: 128 });
}
