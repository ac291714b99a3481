import type { ExportedUnit } from '../../reporters/exported/metric.js';
import { prometheusName } from '../../reporters/prometheus/names.js';

/** Way by which metrics come into Prometheus: its own scrape, or OTLP. */
export type Way = 'prometheus' | 'otlp';

/** Suffixes that Prometheus gives the units of OTLP. */
const OTLP_UNITS: Readonly<Record<ExportedUnit, string>> = {
  ...{ ms: '_milliseconds', s: '_seconds', By: '_bytes', W: '_watts', J: '_joules', Hz: '_hertz', Cel: '_celsius' },
  ...{ ratio: '_ratio', '': '' },
};

/** Names of our metrics in queries, and of times. */
class Names {
  readonly #way: Way;

  constructor(way: Way) {
    this.#way = way;
  }

  /** Unit of times in Grafana. */
  get time(): string {
    return this.#way === 'prometheus' ? 's' : 'ms';
  }

  gauge(name: string, unit: ExportedUnit = '', more = ''): string {
    const plain = this.#way === 'prometheus' ? prometheusName({ name, unit }).base : `${name}${OTLP_UNITS[unit]}`;
    return `${plain}{instance=~"$instance"${more}}`;
  }

  rate(name: string, unit: ExportedUnit = ''): string {
    const [metric, selector] = this.gauge(name, unit).split('{');
    return `rate(${metric}_total{${selector}[$__rate_interval])`;
  }

  /** Quantile of the samples in the interval. Text has classic histograms, OTLP native ones. */
  quantile(q: number, name: string): string {
    const [metric, selector] = this.gauge(name, 'ms').split('{');
    return this.#way === 'prometheus'
      ? `histogram_quantile(${q}, sum by (le) (rate(${metric}_bucket{${selector}[$__rate_interval])))`
      : `histogram_quantile(${q}, sum(rate(${metric}{${selector}[$__rate_interval])))`;
  }
}

interface Panel {
  readonly title: string;
  readonly unit: string;
  readonly kind?: 'timeseries' | 'stat' | 'table';
  /** Legend and query of each line. */
  readonly lines: readonly (readonly [legend: string, query: string])[];
  readonly wide?: boolean;
}

const LATENCIES = [
  ['llm_ttft', 'Time to first token (TTFT)'],
  ['llm_tpot', 'Time per output token (TPOT)'],
  ['llm_itl', 'Inter-token latency (ITL)'],
  ['llm_e2e', 'End-to-end latency (E2E)'],
] as const;

/** Panels in the order of the terminal's dashboard. */
function panelsOf(names: Names): readonly Panel[] {
  const latency = ([metric, title]: (typeof LATENCIES)[number]): Panel => ({
    title,
    unit: names.time,
    lines: [50, 95, 99].map((p) => [`p${p}`, names.quantile(p / 100, metric)] as const),
  });
  const [ttft, ...others] = LATENCIES;
  return [
    {
      title: 'Tokens per second',
      unit: 'short',
      lines: [
        ['output', `sum(${names.rate('flow_output_tokens')})`],
        ['input', `sum(${names.rate('flow_input_tokens')})`],
      ],
    },
    latency(ttft),
    {
      title: 'Users and requests in flight',
      unit: 'short',
      lines: [
        ['planned', names.gauge('vus_planned')],
        ['users', names.gauge('vus')],
        ['in flight', names.gauge('requests_in_flight')],
      ],
    },
    {
      title: 'Server',
      unit: 'short',
      lines: [
        ['running', names.gauge('server_requests_running')],
        ['waiting', names.gauge('server_requests_waiting')],
      ],
    },
    ...others.map(latency),
    {
      title: 'KV cache and prefix hits',
      unit: 'percentunit',
      lines: [
        ['KV cache', names.gauge('server_kv_cache', 'ratio')],
        ['prefix hits', names.gauge('server_prefix_hits', 'ratio')],
      ],
    },
    { title: 'Requests', unit: 'reqps', lines: [['{{name}}', `sum by (name) (${names.rate('llm_requests')})`]] },
    {
      title: 'Thresholds',
      unit: 'bool_yes_no',
      kind: 'stat',
      lines: [['{{metric}} {{condition}}', names.gauge('threshold_ok')]],
    },
    {
      title: 'Failures',
      unit: 'reqps',
      lines: [
        ['{{kind}} {{status}}', `sum by (kind, status) (${names.rate('failures')})`],
        ['dropped iterations', `sum(${names.rate('dropped_iterations')})`],
      ],
    },
    {
      title: 'Generator',
      unit: 'percentunit',
      lines: [['worker {{worker}}', names.gauge('generator_busy', 'ratio')]],
    },
    {
      title: 'Generator: event-loop delay, p99',
      unit: names.time,
      lines: [['worker {{worker}}', names.gauge('generator_loop_delay_p99', 'ms')]],
    },
    { title: 'Verdict', unit: 'short', kind: 'stat', lines: [['{{verdict}}', `${names.gauge('run_verdict')} == 1`]] },
    { title: 'Power of the cards', unit: 'watt', lines: [['power', names.gauge('gpu_power', 'W')]] },
    {
      title: 'Activity of the cards',
      unit: 'percentunit',
      lines: [
        ['activity', names.gauge('gpu_activity', 'ratio')],
        ['memory', names.gauge('gpu_memory_activity', 'ratio')],
        ['memory used', `${names.gauge('gpu_memory_used', 'By')} / ${names.gauge('gpu_memory_total', 'By')}`],
      ],
    },
    {
      title: 'Joules per output token',
      unit: 'joule',
      lines: [['energy', `sum(${names.gauge('gpu_power', 'W')}) / sum(${names.rate('flow_output_tokens')})`]],
    },
    { title: 'Run', unit: 'short', kind: 'table', lines: [['', names.gauge('run_info')]] },
  ];
}

const [WIDTH, HEIGHT] = [12, 8];

/** Dashboard for Grafana, as the JSON that it imports. */
export function grafanaDashboard(way: Way): string {
  const names = new Names(way);
  const source = { type: 'prometheus', uid: '$datasource' };
  const panels = panelsOf(names).map(({ title, unit, kind = 'timeseries', lines }, index) => ({
    id: index + 1,
    title,
    type: kind,
    datasource: source,
    gridPos: { x: (index % 2) * WIDTH, y: Math.floor(index / 2) * HEIGHT, w: WIDTH, h: HEIGHT },
    fieldConfig: { defaults: { unit, min: 0, custom: kind === 'timeseries' ? { fillOpacity: 8 } : {} }, overrides: [] },
    targets: lines.map(([legendFormat, expr], line) => ({
      ...{ refId: String.fromCharCode(65 + line), datasource: source, expr, legendFormat },
      ...(kind === 'timeseries' ? {} : { instant: true, ...(kind === 'table' && { format: 'table' }) }),
    })),
  }));
  const instances = names.gauge('run_elapsed', 'ms').split('{')[0];
  const dashboard = {
    title: way === 'prometheus' ? 'tokenswarm' : 'tokenswarm (OTLP)',
    uid: `tokenswarm-${way}`,
    tags: ['tokenswarm', 'llm'],
    schemaVersion: 39,
    editable: true,
    refresh: '5s',
    time: { from: 'now-15m', to: 'now' },
    templating: {
      list: [
        { name: 'datasource', type: 'datasource', query: 'prometheus', label: 'source' },
        {
          ...{ name: 'instance', type: 'query', label: 'run', datasource: source, refresh: 2, includeAll: true },
          ...{ query: `label_values(${instances}, instance)`, multi: true, current: { text: 'All', value: '$__all' } },
        },
      ],
    },
    panels,
  };
  return `${JSON.stringify(dashboard, undefined, 2)}\n`;
}

/** Queries of a dashboard, as Grafana would send them for all runs. */
export function queriesOf(dashboard: string): readonly string[] {
  const { panels } = JSON.parse(dashboard) as { panels: readonly { targets: readonly { expr: string }[] }[] };
  return panels.flatMap(({ targets }) =>
    targets.map(({ expr }) => expr.replaceAll('$instance', '.*').replaceAll('$__rate_interval', '5s')),
  );
}
