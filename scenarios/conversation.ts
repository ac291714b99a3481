/**
 * Conversations of several turns. Each turn sends all that was said before, so prompts grow: what a prefix cache is for.
 *
 *     tokenswarm run scenarios/conversation.ts --simulate -e USERS=20 -e TURNS=5
 */
import { type ChatMessage, chat, check, dataset, group, type Options, random, SharedArray, sleep } from 'tokenswarm';

export const options = {
  vus: Number(__ENV.USERS ?? 10),
  duration: __ENV.DURATION ?? '1m',
  thresholds: {
    'llm_ttft{group:::opening}': ['p(95)<1000'],
    'llm_ttft{group:::follow-up}': ['p(95)<1000'],
  },
} satisfies Options;

const openings = dataset('./data/prompts.en.jsonl');
const followUps = new SharedArray<string>('follow-ups', () => JSON.parse(open('./data/follow-ups.json')));

export default async function () {
  const history: ChatMessage[] = [{ role: 'system', content: 'You answer in a few sentences.' }, ...openings.next()];
  await group('opening', () => turn(history));
  for (let turns = 1; turns < Number(__ENV.TURNS ?? 3); turns += 1) {
    await sleep(0.2 + random()); // the user reads
    history.push({ role: 'user', content: followUps[Math.floor(random() * followUps.length)] ?? '' });
    await group('follow-up', () => turn(history));
  }
}

async function turn(history: ChatMessage[]) {
  const answer = await chat({ messages: history, maxTokens: 96 });
  check(answer, { answered: (a) => a.ok });
  history.push({ role: 'assistant', content: answer.text });
}
