import { CARDS, type Deployment, deploymentOf, divides, findCard, findModel, memoryUse } from '../../hardware/index.js';
import { holds } from '../../metrics/thresholds.js';
import { type Group, groupName } from '../group/grouping.js';
import { canonical } from '../group/label.js';
import { costOf, type Expectation, type Impossible, type Option, sharesOf, unitOf } from './candidate.js';
import { excess, type Objective } from './objective.js';
import type { Prices } from './prices.js';
import type { Unit } from './replica-capacity.js';
import { constantsOn, type RooflineConstants } from './roofline-constants.js';
import { type Expected, expectedOf, expectedUnder } from './roofline-load.js';
import type { Traffic } from './traffic.js';

/** Numbers of cards that a replica may have. */
const TENSOR_PARALLEL = [1, 2, 4, 8];

/** Most users considered on one replica. */
const MOST_USERS = 100_000;

type WantedLoad = { readonly unit: Unit; readonly value: number };

/**
 * Roofline estimates of deployments without runs. Cards of the price list and the runs, 1 to 8 per replica. Empty if
 * the catalogue lacks the model, or if the roofline cannot estimate an objective.
 */
export function rooflineOptions(
  model: string,
  groups: readonly Group[],
  traffic: Traffic,
  objectives: readonly Objective[],
  asked: WantedLoad,
  prices: Prices | undefined,
  constants: RooflineConstants,
): { readonly options: readonly Option[]; readonly impossible: readonly Impossible[] } {
  const known = findModel(model);
  if (!known) return { options: [], impossible: [{ name: model, why: ['the catalogue does not know this model'] }] };
  const labelled = groups.flatMap(({ labels }) => findCard(labels.gpu ?? '') ?? []);
  const priced = [...(prices?.perCardHour.keys() ?? [])].flatMap((name) => findCard(name) ?? []);
  const cards = [...new Set([...labelled, ...priced])];
  const measured = new Set(groups.map(({ labels }) => `${canonical('gpu', labels.gpu ?? '')} ${labels.tp ?? '1'}`));
  const found = cards.flatMap((card) =>
    TENSOR_PARALLEL.flatMap((tensorParallel) => {
      if (measured.has(`${card.slug} ${tensorParallel}`) || !divides(known, tensorParallel)) return [];
      return [
        estimate(deploymentOf({ card, model: known, tensorParallel }), traffic, objectives, asked, prices, constants),
      ];
    }),
  );
  return {
    options: found.flatMap((each) => ('why' in each ? [] : [each])),
    impossible: found.flatMap((each) => ('why' in each ? [each] : [])),
  };
}

function estimate(
  deployment: Deployment,
  traffic: Traffic,
  objectives: readonly Objective[],
  asked: WantedLoad,
  prices: Prices | undefined,
  given: RooflineConstants,
): Option | Impossible {
  const { card, tensorParallel } = deployment;
  const labels = { gpu: CARDS.get(card.slug)?.name ?? card.name, tp: String(tensorParallel) };
  const name = groupName({ labels, simulated: false });
  const { basis, ...constants } = constantsOn(card, given);
  const under = (users: number) => expectedUnder(deployment, traffic, users, constants);
  const alone = under(1);
  if (!alone) {
    const { usable, weights, overhead } = memoryUse(deployment, constants.efficiency, constants.utilization);
    const gb = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
    return {
      name,
      why: [`it does not fit: ${gb(weights)} of weights and ${gb(overhead)} beside them in ${gb(usable)} of a card`],
    };
  }
  const misses = missesOf(objectives, alone);
  if (misses.length > 0) return { name, why: misses };
  const users = mostUsers((count) => {
    const expected = under(count);
    return expected !== undefined && missesOf(objectives, expected).length === 0;
  });
  const atLimit = under(users) ?? alone;
  const beyond = under(users + 1) ?? atLimit;
  const limit = asked.unit === 'users' ? users : atLimit.requestsPerSecond;
  const { replicas, load, headroom } = sharesOf(asked, limit);
  // For requests per second, the number of users that send them.
  const usersOf = asked.unit === 'users' ? load : Math.max(1, (users * load) / limit);
  const expected = under(usersOf) ?? alone;
  const tokensPerSecond = asked.unit === 'users' ? replicas * expected.tokensPerSecond : asked.value * traffic.output;
  const first = objectives.find((objective) => missOf(objective, beyond) !== undefined);
  return {
    ...{ name, labels, replicas, load, limit, headroom, tokensPerSecond },
    cards: replicas * tensorParallel,
    isAtLeast: users >= MOST_USERS,
    verdict: 'probably',
    ...costOf(labels.gpu, replicas * tensorParallel, tokensPerSecond, prices),
    expected: objectives.map((objective): Expectation => {
      const value = expectedOf(objective, expected);
      return { objective, ...(value !== undefined && { value }) };
    }),
    limitation: { limit: beyond.limit, evidence: [`${beyond.batch.toFixed(0)} sequences at once at its limit`] },
    ...(first && { first }),
    basis: [`estimated from the roofline: not measured; ${basis}`],
    steps: [],
  };
}

function missesOf(objectives: readonly Objective[], expected: Expected): readonly string[] {
  return objectives.flatMap((objective) => missOf(objective, expected) ?? []);
}

function missOf(objective: Objective, expected: Expected): string | undefined {
  const value = expectedOf(objective, expected);
  if (value === undefined) return `${objective.text}: the roofline has no estimate of ${objective.metric}`;
  if (holds(value, objective.operator, objective.limit)) return undefined;
  const over = excess(objective, value);
  return `${objective.text}: ${value.toPrecision(4)}${unitOf(objective)} expected${over === undefined ? '' : `, ${(100 * over).toFixed(0)} % beyond its limit`}`;
}

/** Most users for which `isWell` holds: found by doubling, then bisection. */
function mostUsers(isWell: (users: number) => boolean): number {
  let good = 1;
  while (good < MOST_USERS && isWell(good * 2)) good *= 2;
  let bad = good * 2;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (isWell(middle)) good = middle;
    else bad = middle;
  }
  return good;
}
