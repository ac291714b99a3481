/**
 * Hours of constant load: a server with full caches and fragmented memory.
 *
 *     tokenswarm run scenarios/soak.ts --base-url http://127.0.0.1:8000/v1 -e USERS=32 -e HOLD=8h
 *
 * Compare `llm_ttft{part:last}` with `llm_ttft{part:first}`, the last tenth of the run with the first: they should be the
 * same. If only TTFT has grown, requests queue or prefixes are evicted; if TPOT has, the batch or its contexts are larger
 * (`server` in the report: KV cache, preemptions); if `llm_failed` has, read the failures by their times in `--out json`.
 */
import { chat, check, dataset, env, exec, type Options, peakUsers, sleep } from 'tokenswarm';

export const options = {
  scenarios: {
    soak: peakUsers(env.whole('USERS', 32, { least: 1 }), {
      ramp: env.duration('RAMP', '1m'),
      hold: env.duration('HOLD', '4h', { least: '1s' }),
    }),
  },
  thresholds: {
    'llm_ttft{part:first}': [],
    'llm_ttft{part:last}': [],
    'llm_tpot{part:first}': [],
    'llm_tpot{part:last}': [],
    llm_failed: ['rate<0.001'],
  },
} satisfies Options;

// A length that is given wins over that of a row's own answer.
const given = env.whole('MAX_TOKENS', 0, { least: 0 });
const least = env.whole('MIN_TOKENS', 0, { least: 0 });
const extraBody = {
  ...(env.oneOf('IGNORE_EOS', ['no', 'yes']) === 'yes' && { ignore_eos: true }),
  ...(least > 0 && { min_tokens: least }),
};
const think = env.duration('THINK', '1s');
const prompts = dataset(env.text('DATASET', './data/prompts.zh.jsonl'));

export default async function () {
  const { progress } = exec.scenario;
  const part = progress < 0.1 ? 'first' : progress < 0.9 ? 'middle' : 'last';
  const { messages, maxTokens = 256 } = prompts.draw();
  const answer = await chat({ messages, maxTokens: given || maxTokens, extraBody, tags: { part } });
  check(answer, { answered: (a) => a.ok && a.text.length > 0 });
  await sleep(think);
}
