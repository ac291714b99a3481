import type { Efficiency, EngineVersion } from '../hardware/index.js';
import { planCard, type StepEvent, servedCard } from '../simulator/index.js';
import { type Ask, playUsers, type VirtualRequest } from '../virtual/virtual-users.js';
import { answerLength, type MeasuredRun, type RunFigures } from './measured-run.js';

interface Timed extends VirtualRequest {
  firstAt: number;
}

interface Answered {
  readonly sentAt: number;
  readonly firstAt: number;
  readonly endedAt: number;
  readonly tokens: number;
}

/** Requests of a user after which the load has settled. */
const ROUNDS = 12;

/** Figures of a run, simulated by some constants in virtual time. */
export function simulateRun(run: MeasuredRun, efficiency: Efficiency, engine: EngineVersion): RunFigures {
  const { users, promptTokens, answer, isSteady } = run;
  const isStreamed = run.figures.ttft !== undefined;
  const { chunkTokens = efficiency.chunkTokens, ...settings } = run.settings;
  const plan = planCard({
    ...{ deployment: run.deployment, engine, ...settings, prefixCaching: false },
    efficiency: { ...efficiency, chunkTokens, ...(!isStreamed && { eventUs: 0 }) },
  });
  const answered: Answered[] = [];
  const requests = isSteady ? Math.max(users * ROUNDS, 8) : run.requests;
  const endedAt = playUsers<Timed>({
    load: {
      ...({ kind: 'closed', steps: [{ at: 0, vus: users }], maxVus: users } as const),
      ...{ duration: 1e12, gracefulStop: 0, gracefulRampDown: 0, iterations: { shared: requests } },
    },
    think: 0,
    schedule: servedCard<Timed>(plan),
    ask: (iteration): Ask => ({
      promptTokens: Math.max(1, Math.round(promptTokens)),
      tokens: answerLength(answer, iteration),
    }),
    observer: {
      reach: () => undefined,
      begin: ({ tokens }, vu, at) => ({
        promptTokens: Math.max(1, Math.round(promptTokens)),
        tokens,
        vu,
        sentAt: at,
        firstAt: 0,
      }),
      step: ({ at, first, last }: StepEvent<Timed>) => {
        for (const request of first) request.firstAt = at;
        for (const { sentAt, firstAt, tokens } of last) answered.push({ sentAt, firstAt, endedAt: at, tokens });
      },
      cut: () => undefined,
    },
  });
  return figuresOf(isSteady ? middleOf(answered, endedAt) : answered, isSteady ? 0 : endedAt, users);
}

/** Requests that begin in the middle three fifths of the time. */
function middleOf(answered: readonly Answered[], endedAt: number): readonly Answered[] {
  const middle = answered.filter(({ sentAt }) => sentAt > endedAt / 5 && sentAt < (4 * endedAt) / 5);
  return middle.length > 0 ? middle : answered;
}

/** Figures of some requests. Tokens per second over `duration` or, where that is 0, by Little's law. */
function figuresOf(answered: readonly Answered[], duration: number, users: number): RunFigures {
  const mean = (of: (each: Answered) => number) => answered.reduce((sum, each) => sum + of(each), 0) / answered.length;
  const ttfts = answered.map(({ sentAt, firstAt }) => firstAt - sentAt).sort((a, b) => a - b);
  const e2e = mean(({ sentAt, endedAt }) => endedAt - sentAt);
  const tokens = mean((each) => each.tokens);
  const several = answered.filter((each) => each.tokens > 1);
  const tpot =
    several.reduce((sum, each) => sum + (each.endedAt - each.firstAt) / (each.tokens - 1), 0) / several.length;
  return {
    tokensPerSecond: duration > 0 ? (1000 * tokens * answered.length) / duration : (1000 * users * tokens) / e2e,
    ttft: mean(({ sentAt, firstAt }) => firstAt - sentAt),
    ttftP95: ttfts[Math.ceil(0.95 * ttfts.length) - 1] ?? Number.NaN,
    tpot: several.length === 0 ? undefined : tpot,
    e2e,
  };
}
