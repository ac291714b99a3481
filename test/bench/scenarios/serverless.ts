/** Iterations that need no server: what a script itself costs. */
import { check, type Options, random, Trend } from 'tokenswarm';

const drawn = new Trend('drawn');

export const options = {
  scenarios: { serverless: { executor: 'constant-vus', vus: Number(__ENV.USERS), duration: __ENV.HOLD ?? '4s' } },
} satisfies Options;

export default function () {
  const value = random();
  check(value, { 'is below 1': (v) => v < 1 });
  drawn.add(value);
}
