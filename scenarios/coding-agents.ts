/**
 * Coding agents at work: sessions of many turns with growing prompts. Tools are called in between.
 *
 *     tokenswarm run scenarios/coding-agents.ts --base-url http://127.0.0.1:8000/v1 -e AGENTS=16 -e CONTEXT=100000
 *
 * Needs no file. A prompt has layers: what all agents share (system prompt and tools), what those of one repository share,
 * and the session's own. Each turn adds the output of a tool or words of a person. Defaults are those that NVIDIA has
 * published for Claude Code (aiperf's agentic-code generator, inference-day-2026); SCALE=0.1 makes all lengths a tenth,
 * SPEED=10 all waits. Look at the sessions per hour, their duration and its parts, and at the hits of the prefix cache
 * beside the possible ones; then raise AGENTS.
 */
import { check, drawTokens, env, filler, type Options, random, type Session, session } from 'tokenswarm';

const minutes = env.number('SLO', 30, { least: 0.01 });

export const options = {
  scenarios: {
    agents: {
      executor: 'constant-vus',
      vus: env.whole('AGENTS', 8, { least: 1 }),
      duration: env.duration('DURATION', '15m', { least: '1s' }),
      gracefulStop: '0s',
    },
  },
  thresholds: { llm_session_failed: ['rate<0.01'], llm_failed: ['rate<0.01'] },
} satisfies Options;

const scale = env.number('SCALE', 1, { least: 0.001 });
const speed = env.number('SPEED', 1, { least: 0.001 });
const context = env.whole('CONTEXT', 200000, { least: 100 });
const shared = env.whole('SHARED', 32000, { least: 0 });
const perRepository = env.whole('REPOSITORY', 10000, { least: 0 });
const repositories = env.whole('REPOSITORIES', 100, { least: 1 });
const resets = env.number('RESETS', 0.05, { least: 0 });
const subagents = env.number('SUBAGENTS', 0.05, { least: 0 });

/** Tokens of a lognormal distribution with this mean and median. */
function tokens(mean: number, median: number, most: number): number {
  const deviation = mean * Math.sqrt((mean / median) ** 2 - 1);
  return Math.max(1, Math.round(scale * drawTokens(`lognormal ${mean} ${Math.round(deviation)} in 1-${most}`)));
}

/** Milliseconds of a lognormal distribution. */
function pause(mean: number, median: number): `${number}ms` {
  const deviation = mean * Math.sqrt((mean / median) ** 2 - 1);
  return `${Math.ceil(drawTokens(`lognormal ${mean} ${Math.round(deviation)} in 1-600000`) / speed)}ms`;
}

const sized = (length: number) => Math.round(scale * length);
const limit = sized(context);
// Made here, since finding words takes a moment where there is a tokenizer.
const system = filler(sized(shared), 'all') || 'You are an agent.';

/** Repository, by Zipf's law with an exponent of 0.6. */
function repository(): number {
  return Math.min(repositories, Math.ceil(repositories * random() ** 2.5));
}

/** Works until the context is full, or the job is done. `depth` is that of the agent below the session's own. */
async function work(agent: Session, opening: string, depth: number, base: string): Promise<void> {
  let prompt = opening;
  for (;;) {
    const maxTokens = tokens(1000, 800, 10_000);
    const answer = await agent.turn({ prompt, maxTokens, extraBody: { ignore_eos: true } });
    if (!check(answer, { answered: (a) => a.ok })) return;
    const used = agent.contextTokens;
    const added = tokens(6000, 4000, 50_000);
    // Longer contexts end sooner: the context is compacted, or the job done.
    const ends = random() < resets * (1 + (0.5 * used) / limit);
    if (ends || used + added + sized(10_000) > limit) return;
    if (depth === 0 && random() < subagents) {
      await agent.subagent('subagent', (child) => work(child, filler(tokens(6000, 4000, 50_000)), 1, base), {
        system: base,
      });
    }
    if (random() < 0.7) await agent.tool('tool', pause(5000, 2000));
    else await agent.think(pause(30_000, 15_000));
    prompt = filler(added);
  }
}

/** Begins all prompts of a run. A server's cache has none of them from another. */
export function setup(): string {
  return `Run ${Date.now().toString(36)}. `;
}

export default async function (run = '') {
  const base = run + system;
  const opening = filler(sized(perRepository), `repository ${repository()}`) + filler(tokens(15_000, 5000, 50_000));
  await session('coding', (agent) => work(agent, opening, 0, base), {
    system: base,
    slo: { duration: `${minutes * 60}s` },
  });
}
