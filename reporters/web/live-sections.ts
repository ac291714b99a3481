import type { SessionsSoFar } from '../../engine/metrics/session-record.js';
import type { Snapshot } from '../../engine/metrics/snapshot.js';
import { type Block, figure, listSection, type Section, tableSection, text, verdict } from '../document/document.js';
import { amount, clockTime, count, duration, NO_NUMBER, percent } from '../format.js';
import { isPlainHttp } from '../plain-http.js';
import { watts } from '../run/gpu-figures.js';

/** Parts of the page that change every second. */
export function liveSections(snapshot: Snapshot): readonly Section[] {
  return [
    { title: '', blocks: [state(snapshot), cards(snapshot)] },
    thresholds(snapshot),
    requests(snapshot),
    failures(snapshot),
    server(snapshot),
    health(snapshot),
    listSection('Warnings', 'doubtful', snapshot.warnings),
  ];
}

const TONES = { valid: 'good', suspect: 'doubtful', invalid: 'bad' } as const;

function state({ activity, elapsed, duration: planned, quality }: Snapshot): Block {
  const time = planned > 0 ? `${clockTime(elapsed)} of ${clockTime(planned)}` : clockTime(elapsed);
  return verdict(
    TONES[quality.verdict],
    `${activity}, ${time}; the numbers are ${quality.verdict} so far`,
    quality.reasons,
  );
}

function cards(snapshot: Snapshot): Block {
  const { interval, vus, inFlight, totals, aggregated } = snapshot;
  const users = { label: 'users', value: count(vus), note: `${count(inFlight)} in flight` };
  if (isPlainHttp(snapshot)) {
    const { requests, failed } = totals.http;
    return {
      kind: 'cards',
      cards: [
        { label: 'HTTP requests/s', value: count(aggregated.requestsPerSecond), note: `${count(requests)} in all` },
        { label: 'duration p95', value: duration(aggregated.p95), note: 'of the run so far' },
        users,
        { label: 'failed', value: count(failed), note: percent(failed / requests) },
      ],
    };
  }
  const perSecond = (amountOf: number | undefined) =>
    interval && amountOf !== undefined ? count(amountOf / interval.seconds) : NO_NUMBER;
  const p95 = interval?.ttft.p95 ?? null;
  return {
    kind: 'cards',
    cards: [
      {
        label: 'output tokens/s',
        value: perSecond(interval?.outputTokens),
        note: `${count(totals.outputTokens)} in all`,
      },
      { label: 'requests/s', value: perSecond(interval?.requests), note: `${count(totals.requests)} in all` },
      { label: 'TTFT p95', value: p95 === null ? NO_NUMBER : duration(p95), note: 'of the last second' },
      users,
      {
        label: 'failed',
        value: count(totals.failed),
        note: totals.requests > 0 ? percent(totals.failed / totals.requests) : '',
      },
      ...(totals.sessions ? [sessionCard(totals.sessions)] : []),
    ],
  };
}

function sessionCard({ live, ended, failed, depth }: SessionsSoFar) {
  const deep = depth === undefined ? '' : `, ${count(Math.round(depth))} tokens deep`;
  const failures = failed > 0 ? `, ${count(failed)} failed` : '';
  return { label: 'sessions at work', value: count(live), note: `${count(ended)} ended${failures}${deep}` };
}

function thresholds({ thresholds: all }: Snapshot): Section {
  const rows = all.map(({ metric, source, ok, observed }) => ({
    cells: [metric, source, { text: observed === undefined ? 'no samples yet' : ok ? 'holds' : 'crossed' }],
    tone: observed === undefined ? ('muted' as const) : ok ? ('good' as const) : ('bad' as const),
  }));
  return tableSection('Thresholds', [text('metric'), text('condition'), text('state')], rows, { isMarked: true });
}

function requests({ rows, aggregated }: Snapshot): Section {
  const columns = [
    text('name'),
    ...['requests', 'failed', 'req/s', 'avg', 'p95', 'TTFT', 'tokens/s'].map((head) => figure(head)),
  ];
  const all = rows.length > 1 ? [...rows, aggregated] : rows;
  const cells = all.map((row) => [
    `${row.method} ${row.name}`.trim(),
    count(row.requests),
    count(row.failures),
    count(row.requestsPerSecond),
    ...(row.requests === 0 ? [NO_NUMBER, NO_NUMBER] : [duration(row.avg), duration(row.p95)]),
    row.ttft ? duration(row.ttft.median) : NO_NUMBER,
    count(row.outputTokensPerSecond),
  ]);
  return tableSection('Requests', columns, cells);
}

function failures({ failures: groups, errors }: Snapshot): Section {
  const rows = [
    ...groups.map(({ kind, status, name, count: times, message }) => ({
      cells: [`${kind}${status === undefined ? '' : ` ${status}`}`, name, count(times)],
      below: [{ text: message }],
    })),
    ...errors.map(({ message, where = 'script', count: times }) => ({
      cells: ['script error', where, count(times)],
      below: [{ text: message }],
    })),
  ];
  return tableSection('Failures', [text('kind'), text('name'), figure('times')], rows.slice(0, 20));
}

function server({ server: told, gpu }: Snapshot): Section {
  const { figures, preemptions, prefixHitRate, draftAcceptance } = told ?? {};
  const point = gpu?.point;
  const share = (value: number | null | undefined) => (value == null ? undefined : percent(value));
  const rows = Object.entries({
    version: told && [told.server, told.version].filter(Boolean).join(' '),
    running: figures && count(figures.running),
    waiting: figures && count(figures.waiting),
    'KV cache': share(figures?.kvCache),
    'prefix cache hits': share(prefixHitRate),
    'drafts accepted': share(draftAcceptance),
    preemptions: preemptions == null ? undefined : count(preemptions),
    cards: gpu && amount(gpu.cards.length, 'card'),
    power: point?.power == null ? undefined : watts(point.power),
    activity: share(point?.activity),
    temperature: point?.temperature == null ? undefined : `${count(point.temperature)} °C`,
  }).flatMap(([label, value]) => (value ? [[label, value]] : []));
  return tableSection('Server', [text(''), figure('')], rows);
}

function health({ health: { workers, lateness, memory } }: Snapshot): Section {
  const rows = workers.map(({ worker, utilization, loopDelay }) => [
    `worker ${worker}`,
    percent(utilization),
    loopDelay === null ? NO_NUMBER : duration(loopDelay),
  ]);
  const late = lateness === null ? '' : `iterations start ${duration(lateness)} late (p99), `;
  return {
    ...tableSection('Generator', [text(''), figure('busy'), figure('late by (p99)')], rows),
    aside: `${late}${Math.round(memory / 2 ** 20)} MiB`,
  };
}
