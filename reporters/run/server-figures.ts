import { disagreementOf, serverLoadOf } from '../../engine/metrics/server-load.js';
import type { Summary } from '../../engine/metrics/snapshot.js';
import type { Window } from '../../engine/metrics/window.js';
import { bytes, count, duration, percent } from '../format.js';

/** Figure of the servers, with a note where it has one. */
export interface ServerFigure {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
}

/** Figures of the servers themselves. Gauges are those in the headline window. */
export function serverFigures({ server, windows }: Summary): readonly ServerFigure[] {
  if (!server) return [];
  const load = serverLoadOf(server.points, headlineOf(windows));
  const { server: kind, version, scrape } = server;
  const cost = scrape && `its metrics: ${duration(scrape.meanMs)} and ${bytes(scrape.bytes)} a second`;
  const rows: ServerFigure[] = [
    {
      ...{ label: 'version', value: [kind, version ?? (kind ? '' : 'unknown')].join(' ').trim() },
      ...(cost !== undefined && { note: cost }),
    },
  ];
  if (load) {
    for (const label of ['running', 'waiting'] as const) {
      rows.push({ label, value: count(load[label].mean), note: `at most ${count(load[label].max)}` });
    }
    if (load.kvCache)
      rows.push({ label: 'KV cache', value: percent(load.kvCache.mean), note: `at most ${percent(load.kvCache.max)}` });
  }
  if (server.prefixHitRate !== null) rows.push({ label: 'prefix cache hits', value: percent(server.prefixHitRate) });
  if (server.preemptions !== null) rows.push({ label: 'preemptions', value: count(server.preemptions) });
  if (server.draftAcceptance !== null) rows.push({ label: 'drafts accepted', value: percent(server.draftAcceptance) });
  return rows;
}

/** Sentence that follows where the servers' counts disagree with this run's. */
export function serverDisagreement({ server, windows, requests }: Summary): string | undefined {
  const window = headlineOf(windows);
  return server && disagreementOf(requests.concurrency.mean, serverLoadOf(server.points, window), window);
}

function headlineOf({ headline, steady, whole }: Summary['windows']): Window {
  const { from, to } = (headline === 'steady' ? steady : whole) ?? whole;
  return { from: from * 1000, to: to * 1000 };
}
