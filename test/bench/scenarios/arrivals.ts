/** Iterations that do nothing, at a fixed rate. The steady state is the load's last ten seconds, or half. */
import type { Options } from 'tokenswarm';

const SECONDS = Number(__ENV.SECONDS);

export const options = {
  warmup: `${SECONDS - Math.min(10, SECONDS / 2)}s`,
  scenarios: {
    arrivals: {
      executor: 'constant-arrival-rate',
      rate: Number(__ENV.RATE),
      duration: `${SECONDS}s`,
      preAllocatedVUs: 100,
    },
  },
} satisfies Options;

export default function () {}
