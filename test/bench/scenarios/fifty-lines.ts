/** A scenario of usual length, for measuring start-up time. */
import { Counter, chat, check, type Options, peakUsers, random, sleep, Trend } from 'tokenswarm';

export const options = {
  scenarios: { peak: peakUsers(10, { ramp: '10s', hold: '1m' }) },
  thresholds: {
    llm_ttft: ['p(95)<5000'],
    llm_failed: ['rate<0.5'],
    'llm_e2e{name:question}': ['avg<60000'],
  },
} satisfies Options;

const QUESTIONS = [
  '为什么天空是蓝色的？',
  'How do plants know when to bloom?',
  '请用三句话解释什么是复利。',
  'What does a load generator do?',
];

const answered = new Counter('answered');
const characters = new Trend('answer_characters');

interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

let conversation: Turn[] = [];

function pick<Item>(items: readonly Item[]): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('there is nothing to pick from');
  return item;
}

export function setup() {
  return { system: 'You answer in one sentence.' };
}

export default async function (data: { system: string }) {
  if (conversation.length > 6) conversation = [];
  conversation.push({ role: 'user', content: pick(QUESTIONS) });
  const answer = await chat({
    messages: [{ role: 'system', content: data.system }, ...conversation],
    name: 'question',
    maxTokens: 128,
    slo: { ttft: 500, tpot: 50 },
  });
  check(answer, { answered: (a) => a.ok && a.text.length > 0 });
  if (answer.ok) {
    answered.add(1);
    characters.add(answer.text.length);
    conversation.push({ role: 'assistant', content: answer.text });
  }
  await sleep(0.001);
}
