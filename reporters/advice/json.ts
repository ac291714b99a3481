import type { Advice } from '../../engine/results/advise/advice.js';
import type { Objective } from '../../engine/results/advise/objective.js';

/** Advice as JSON, for other programs. docs/advise.md describes the format. */
export function adviceJson({ asked, alternatives, objectives, assumptions, warnings, leftOut }: Advice): string {
  const { load, by, prices } = asked;
  const document = {
    schema: 'tokenswarm/advice',
    version: 1,
    asked: {
      [load.unit === 'sessions' ? 'sessionsPerHour' : load.unit]: load.value,
      slos: objectives.map(({ text }) => text),
      by,
      ...(prices && {
        prices: {
          currency: prices.currency,
          perCardHour: Object.fromEntries([...prices.perCardHour.values()].map(({ name, price }) => [name, price])),
        },
      }),
    },
    alternatives: alternatives.map(({ options, ...rest }) => ({
      ...rest,
      options: options.map(({ steps, expected, first, ...option }) => ({
        ...option,
        expected: expected.map(({ objective, value }) => ({ slo: objective.text, value })),
        ...(first && { first: first.text }),
        steps: steps.map(({ load: at, verdict, tokensPerSecond, judgements, setting }) => ({
          load: at,
          files: setting.runs.map(({ file }) => file),
          verdict,
          tokensPerSecond,
          slos: judgements.map(({ objective, figure, verdict: own }) => judged(objective, figure, own)),
        })),
      })),
    })),
    assumptions,
    warnings,
    leftOut,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function judged({ text }: Objective, figure: object | undefined, verdict: string): object {
  return { slo: text, ...figure, verdict };
}
