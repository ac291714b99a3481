import type { Summary } from '../../engine/metrics/snapshot.js';

/** Figures of a run that the study's tables show. Times are in milliseconds. */
export interface StudyFigures {
  readonly kind: 'latency' | 'throughput';
  readonly gpu: string;
  readonly model: string;
  readonly tp: number;
  readonly users: number;
  readonly ttft: number;
  readonly tpot: number;
  readonly e2e: number;
  /** Output tokens a second of all users together. */
  readonly tokensPerSecond: number;
  readonly preemptions: number;
}

/** The figures of a run: means over the steady state. */
export function studyFigures(kind: StudyFigures['kind'], { run, plan, metrics, server }: Summary): StudyFigures {
  const mean = (metric: string) => metrics[metric]?.values.avg ?? Number.NaN;
  const { gpu = '', model = '', tp = '1' } = run.labels;
  return {
    ...{ kind, gpu, model, tp: Number(tp), users: plan.maxVus },
    ...{ ttft: mean('llm_ttft'), tpot: mean('llm_tpot'), e2e: mean('llm_e2e') },
    tokensPerSecond: metrics.llm_output_tokens_per_second?.values.value ?? Number.NaN,
    preemptions: server?.preemptions ?? 0,
  };
}

/** Runs that differ in their card alone. */
export interface SameButCard {
  readonly model: string;
  readonly tp: number;
  readonly users: number;
  readonly runs: readonly StudyFigures[];
}

/** Groups runs that differ in their card alone, in order of appearance. */
export function sameButCard(figures: readonly StudyFigures[]): SameButCard[] {
  const groups = new Map<string, SameButCard & { readonly runs: StudyFigures[] }>();
  for (const each of figures) {
    const { kind, model, tp, users } = each;
    const key = JSON.stringify([kind, model, tp, users]);
    const known = groups.get(key);
    if (known) known.runs.push(each);
    else groups.set(key, { model, tp, users, runs: [each] });
  }
  return [...groups.values()];
}
