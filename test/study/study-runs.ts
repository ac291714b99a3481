import type { Deployment } from '../../engine/hardware/index.js';
import type { Summary } from '../../engine/metrics/snapshot.js';
import { virtualRun } from '../../engine/virtual/virtual-run.js';
import { deployments, labelsOf, type StudyPlan, slugOf } from './study-plan.js';

/** A run of a study. */
export interface StudyRun {
  /** Purpose of the run: latency has one user. */
  readonly kind: 'latency' | 'throughput';
  /** Path of its record, from the study's folder. */
  readonly file: string;
  readonly record: Summary;
}

/** Number of runs in a study. */
export function countRuns(plan: StudyPlan): number {
  return deployments(plan).length * (1 + plan.users.length);
}

/** Runs a study, one run after the other. Throws a UserError where the data set cannot be read. */
export function* studyRuns(plan: StudyPlan): Generator<StudyRun, void> {
  for (const deployment of deployments(plan)) {
    const slug = slugOf(deployment);
    yield { kind: 'latency', file: `latency/${slug}.json`, record: latencyRun(plan, deployment) };
    for (const users of plan.users) {
      const file = `throughput/${slug}/PEAK_USERS=${users}.json`;
      yield { kind: 'throughput', file, record: throughputRun(plan, deployment, users) };
    }
  }
}

function latencyRun(plan: StudyPlan, deployment: Deployment): Summary {
  const { latencyPrompts, prompts } = plan;
  const scenario = { executor: 'shared-iterations', vus: 1, iterations: latencyPrompts, maxDuration: '24h' };
  return virtualRun({
    ...common(plan, deployment),
    ...{ name: 'study: latency', scenario, labels: labelsOf(deployment), prompts: { file: prompts.file } },
  });
}

/** The load of scenarios/throughput.ts. */
function throughputRun(plan: StudyPlan, deployment: Deployment, users: number): Summary {
  const { ramp, hold, prompts } = plan;
  const stages = [
    { duration: ramp, target: users },
    { duration: hold, target: users },
  ];
  const scenario = { executor: 'ramping-vus', startVUs: 1, stages };
  const labels = { ...labelsOf(deployment), PEAK_USERS: String(users) };
  return virtualRun({ ...common(plan, deployment), ...{ name: 'study: throughput', scenario, labels, prompts } });
}

function common({ seed, maxModelLen }: StudyPlan, deployment: Deployment) {
  // Prompts of a study repeat, as those of the article did, whose servers had no prefix cache.
  return { seed, card: { deployment, maxModelLen, prefixCaching: false } };
}
