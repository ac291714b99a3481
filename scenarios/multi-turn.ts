/**
 * Conversations of several turns. Each turn sends the whole history, so prompts grow from turn to turn.
 *
 *     tokenswarm run scenarios/multi-turn.ts --base-url http://127.0.0.1:8000/v1 -e USERS=20 -e TURNS=6
 *
 * Shows prefix caching: what was said is in the KV cache already. With it on, `llm_ttft{turn:…}` is about the same for every
 * turn; with it off it grows with the history, since every turn prefills all of it again. Where it falls apart again at
 * many users, conversations are evicted before their next turn. Conversations of ShareGPT are replayed as DATASET.
 */
import { check, conversation, dataset, env, type Options, random, SharedArray, sleep } from 'tokenswarm';

const turns = env.whole('TURNS', 4, { least: 1, most: 50 });

export const options = {
  scenarios: {
    talks: {
      executor: 'constant-vus',
      vus: env.whole('USERS', 10, { least: 1 }),
      duration: env.duration('DURATION', '2m', { least: '1s' }),
    },
  },
  thresholds: {
    ...Object.fromEntries(Array.from({ length: turns }, (_, turn) => [`llm_ttft{turn:${turn + 1}}`, []])),
    llm_failed: ['rate<0.01'],
  },
} satisfies Options;

const limit = env.whole('MAX_TOKENS', 128, { least: 1 });
const least = env.whole('MIN_TOKENS', 0, { least: 0 });
const extraBody = {
  ...(env.oneOf('IGNORE_EOS', ['no', 'yes']) === 'yes' && { ignore_eos: true }),
  ...(least > 0 && { min_tokens: least }),
};
const think = env.number('THINK', 1, { least: 0 });
const prompts = dataset(env.text('DATASET', './data/prompts.en.jsonl'));
const followUps = new SharedArray<string>('follow-ups', () => JSON.parse(open('./data/follow-ups.json')));

export default async function () {
  const talk = conversation({ system: 'You answer in a few sentences.' });
  const said = prompts.turns();
  // A row that is not a conversation is its first message; typical follow-ups come after it.
  const next = () => (said.length > 1 ? said[talk.turn] : followUps[Math.floor(random() * followUps.length)]);
  for (let question = said[0]; question !== undefined && talk.turn < turns; question = next()) {
    if (talk.turn > 0) await sleep(think * (0.5 + random())); // reading time
    const answer = await talk.say(question, { maxTokens: limit, extraBody, name: `turn ${talk.turn + 1}` });
    if (!check(answer, { answered: (a) => a.ok })) return;
  }
}
