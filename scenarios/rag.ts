/**
 * Retrieval-augmented generation: embed the question, query a vector store, ask the model.
 *
 *     tokenswarm run scenarios/rag.ts --base-url http://127.0.0.1:8000/v1 -e STORE=http://127.0.0.1:6333/search
 */
import { chat, check, dataset, embed, group, http, type Options } from 'tokenswarm';

export const options = {
  vus: 4,
  duration: __ENV.DURATION ?? '30s',
  thresholds: {
    'group_duration{group:::retrieve}': ['p(95)<1000'],
    http_req_failed: ['rate<0.01'],
    'llm_ttft{name:answer}': ['p(95)<1000'],
  },
} satisfies Options;

const questions = dataset('./data/prompts.en.jsonl');
const embedder = __ENV.EMBEDDER ? { model: __ENV.EMBEDDER } : {};

export default async function () {
  const { prompt: question } = questions.row<{ prompt: string }>();
  const passages = await group('retrieve', () => retrieve(question));
  const messages = `Answer from these passages alone:\n${passages}\n\n${question}`;
  const answer = await chat({ messages, maxTokens: 128, name: 'answer', slo: { ttft: 1000 } });
  check(answer, { answered: (a) => a.ok && a.text.length > 0 });
}

async function retrieve(question: string) {
  const { vectors } = await embed({ input: question, ...embedder });
  const body = JSON.stringify({ vector: vectors?.[0], limit: 3 });
  const headers = { 'Content-Type': 'application/json' };
  // Without a store, the server's own /health stands in for it.
  const found = await (__ENV.STORE ? http.post(__ENV.STORE, body, { headers }) : http.get('/health'));
  check(found, { 'found something': (r) => r.status === 200 && r.body !== '' });
  return found.body;
}
