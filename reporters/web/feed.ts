import type { ServerResponse } from 'node:http';
import type { Snapshot } from '../../engine/metrics/snapshot.js';
import { sectionsHtml } from '../document/html.js';
import { html } from '../html/markup.js';
import { EMPTY_CHARTS, type LivePoint, livePoint } from './live-charts.js';
import { liveSections } from './live-sections.js';

/** Most points kept for viewers who come later: eleven hours of seconds. Beyond it every second one is dropped. */
const MOST_POINTS = 40_000;

/** Most bytes that wait for a viewer. A slower one is let go, and comes back by itself. */
const MOST_WAITING = 16 * 2 ** 20;

/** Stream of a run to the viewers of its page. */
export class Feed {
  readonly #viewers = new Set<ServerResponse>();
  #points: LivePoint[] = [];
  #snapshot: Snapshot | undefined;
  #waiting: object | undefined;
  #isDone = false;

  get viewers(): number {
    return this.#viewers.size;
  }

  /** Adds a viewer, who gets everything so far. */
  join(response: ServerResponse): void {
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    // A lost connection is tried again after a second.
    response.write('retry: 1000\n\n');
    this.#viewers.add(response);
    response.once('close', () => this.#viewers.delete(response));
    this.#send([response], 'all', { charts: EMPTY_CHARTS, points: this.#points });
    const view = this.#snapshot ? viewOf(this.#snapshot) : this.#waiting;
    if (view) this.#send([response], 'view', view);
    if (this.#isDone) this.#send([response], 'done', {});
  }

  show(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
    const point = livePoint(snapshot);
    if (point && point[0] > (this.#points.at(-1)?.[0] ?? -1)) {
      this.#points.push(point);
      if (this.#points.length > MOST_POINTS) this.#points = this.#points.filter((_, index) => index % 2 === 1);
      this.#send(this.#viewers, 'point', point);
    }
    // Nothing is made for nobody.
    if (this.#viewers.size > 0) this.#send(this.#viewers, 'view', viewOf(snapshot));
  }

  /** Shows why the run waits before its load. One that is paused can be resumed. */
  wait(text: string, isPaused: boolean): void {
    this.#waiting = { top: html`<p>${text}</p>`.text, rest: '', isPaused, isOver: !isPaused, scenarios: [] };
    this.#send(this.#viewers, 'view', this.#waiting);
  }

  /** Tells the viewers that the report is ready. */
  end(): void {
    this.#isDone = true;
    this.#send(this.#viewers, 'done', {});
  }

  close(): void {
    for (const viewer of this.#viewers) viewer.end();
  }

  #send(viewers: Iterable<ServerResponse>, event: string, data: unknown): void {
    const text = `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
    for (const viewer of viewers) {
      viewer.write(text);
      if (viewer.writableLength > MOST_WAITING) viewer.destroy();
    }
  }
}

/** Parts of the page as markup, and the state of its controls. */
function viewOf(snapshot: Snapshot): object {
  const [top, ...rest] = liveSections(snapshot);
  const { activity, scenarios } = snapshot;
  return {
    top: sectionsHtml(top ? [top] : []),
    rest: sectionsHtml(rest),
    isPaused: activity === 'paused',
    isOver: activity === 'done',
    scenarios: scenarios.flatMap(({ name, planned }) => (planned === null ? [] : [{ name, users: planned }])),
  };
}
