import type { Summary } from '../../engine/metrics/snapshot.js';
import { type Section, tableSection, text } from '../document/document.js';
import { amount, bytes, count, duration } from '../format.js';
import { metricValue } from '../metric-value.js';
import { drawn } from './dataset-use.js';

/** Plan of each scenario beside its actual times. */
export function planSection({ plan }: Summary): Section {
  const rows = plan.scenarios.map(({ name, executor, description, options, ran }) => [
    name,
    { text: description, note: `${executor} ${JSON.stringify(options)}` },
    ran ? `${duration(ran.from * 1000)} to ${duration(ran.to * 1000)}` : 'never began',
  ]);
  return tableSection('Plan', [text('scenario'), text('load'), { head: 'ran' }], rows, { only: 'html' });
}

/** Target of the run and where it was measured from. */
export function environmentSection(summary: Summary): Section {
  const { run, target, environment, tool, datasets = [] } = summary;
  const named = (title: string, all: Summary['run']['tags']) =>
    Object.entries(all).map(([name, value]) => [`${title} ${name}`, value]);
  const rows = [
    ['scenario file', run.scenario],
    ['started', run.startedAt],
    ['outcome', `${run.outcome}${run.reason === undefined ? '' : `: ${run.reason}`}, exit code ${run.exitCode}`],
    ['seed', String(run.seed)],
    ...named('label', run.labels),
    ...named('tag', run.tags),
    ...(target
      ? [
          ['server', (target.baseUrls ?? [target.baseUrl]).join(', ')],
          ['model', target.model],
        ]
      : []),
    ...(target?.proxy === undefined ? [] : [['proxy', target.proxy]]),
    ...datasets.map((use) => [`prompts of ${use.file}`, `${drawn(use).value}: ${drawn(use).note}`]),
    ['generator', `${tool.name} ${tool.version}, ${amount(environment.workers, 'worker')}`],
    ...machinesOf(summary),
    ['system', `${environment.platform}, Node ${environment.node}`],
  ];
  return tableSection('Target and environment', [text(''), text('')], rows, { only: 'html' });
}

/** Machines of the run. Several where the record was merged. */
function machinesOf({ environment, machines, run }: Summary): string[][] {
  const text = ({ cpu, cores, memoryBytes }: Summary['environment']) => `${cpu}, ${cores} cores, ${bytes(memoryBytes)}`;
  if (!machines) {
    return [
      ...(run.share ? [['share', `${run.share.number} of ${run.share.of}`]] : []),
      ['machine', text(environment)],
    ];
  }
  return machines.map(({ share, verdict, startedAt, environment: own }) => {
    return [`share ${share}`, `${text(own)}, from ${startedAt}, numbers ${verdict}`];
  });
}

/** Every value of every metric. */
export function metricSection({ metrics }: Summary): Section {
  const rows = Object.entries(metrics).map(([name, metric]) => {
    const parts = Object.entries(metric.values).map(([key, value]) => `${key} = ${metricValue(metric, key, value)}`);
    return [name, parts.join('   ')];
  });
  const more = { only: 'html', isFolded: true } as const;
  return tableSection(`All ${count(rows.length)} metrics`, [text(''), text('')], rows, more);
}
