/** Agents with long prompts, each with a turn every so often. */
import { filler, type Options, session, sleep } from 'tokenswarm';

const LANES = Number(__ENV.LANES);
const EVERY = Number(__ENV.EVERY);

export const options = {
  scenarios: { lanes: { executor: 'constant-vus', vus: LANES, duration: __ENV.HOLD ?? '60s', gracefulStop: '0s' } },
} satisfies Options;

const system = filler(Number(__ENV.TOKENS), 'system');

export default async function () {
  await sleep(`${1 + Math.round((EVERY * ((__VU - 1) % LANES)) / LANES)}ms`);
  await session(
    'agent',
    async (agent) => {
      for (;;) {
        await agent.turn({ prompt: 'The tests still fail. What is next?', maxTokens: 5 });
        await agent.tool('tests', `${EVERY}ms`);
      }
    },
    { system },
  );
}
