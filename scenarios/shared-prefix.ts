/**
 * Prompts with a long common prefix, such as a system prompt. Beside them, prompts of equal length with nothing in
 * common.
 *
 *     tokenswarm run scenarios/shared-prefix.ts --base-url http://127.0.0.1:8000/v1 -e PREFIX=4000 -e INPUT=200
 *
 * Shows prefix caching. Compare `llm_ttft{name:shared}` with `llm_ttft{name:own}`: with it on, a shared prompt prefills INPUT
 * tokens only and starts as much sooner, and the server's prefix hits (`server` in the report) come near
 * PREFIX / (2 · (PREFIX + INPUT)). With it off both are the same.
 */
import { chat, check, env, exec, type Options, synthetic } from 'tokenswarm';

export const options = {
  scenarios: {
    prefix: {
      executor: 'constant-vus',
      vus: env.whole('USERS', 4, { least: 1 }),
      duration: env.duration('DURATION', '2m', { least: '1s' }),
    },
  },
  thresholds: { 'llm_ttft{name:shared}': [], 'llm_ttft{name:own}': [], llm_failed: ['rate<0.01'] },
} satisfies Options;

const prefix = env.whole('PREFIX', 2000, { least: 1 });
const input = env.whole('INPUT', 100, { least: 1 });
const output = env.whole('OUTPUT', 64, { least: 1 });
const shared = synthetic({ input, output, sharedPrefix: prefix });
const own = synthetic({ input: prefix + input, output });

export default async function () {
  const isShared = exec.scenario.iterationInTest % 2 === 0;
  const answer = await chat({ ...(isShared ? shared : own).draw(), name: isShared ? 'shared' : 'own' });
  check(answer, { answered: (a) => a.ok });
}
