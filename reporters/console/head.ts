import type { Summary } from '../../engine/metrics/snapshot.js';
import { amount, duration } from '../format.js';
import { padRight, safeText, wrap } from '../terminal-text.js';
import type { Page } from './section.js';

const LABEL_WIDTH = 11;

/** Script, target, duration and reported window of the run. */
export function head(page: Page): readonly string[] {
  const { run, target } = page.summary;
  return [
    ...line(page, 'scenario', safeText(run.scenario)),
    ...(target === null ? [] : line(page, 'target', targetText(target))),
    ...line(page, 'ran', ranText(page.summary)),
    ...line(page, 'figures', windowText(page.summary)),
  ];
}

function line(page: Page, label: string, text: string): readonly string[] {
  const column = 2 + LABEL_WIDTH;
  const lines = wrap(text, page.width - column);
  return lines.map((part, index) =>
    index === 0 ? `  ${page.paint.dim(padRight(label, LABEL_WIDTH))}${part}` : ' '.repeat(column) + part,
  );
}

/** Servers, model and route to them. */
export function targetText(target: NonNullable<Summary['target']>): string {
  const model = `${safeText(target.baseUrl)}, model ${safeText(target.model)}`;
  const way = target.proxy === undefined ? model : `${model}, through the proxy ${safeText(target.proxy)}`;
  return target.simulated ? `${way} (${simulationText(target)})` : way;
}

/** `simulated`, with model and hardware where known. Example: `simulated: Qwen2.5-7B on 2 × H800 SXM`. */
export function simulationText({ simulates }: NonNullable<Summary['target']>): string {
  if (!simulates) return 'simulated';
  const { model, tensorParallel, card } = simulates;
  return safeText(`simulated: ${model} on ${tensorParallel} × ${card}`);
}

/** Duration and date of the run. */
export function ranText({ run, plan, environment, reader }: Summary): string {
  const planned = run.outcome === 'completed' ? '' : ` of ${duration(plan.seconds * 1000)} planned`;
  const started = run.startedAt.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC');
  const read = reader ? ', native reader (kernel time stamps)' : '';
  return `${duration(run.seconds * 1000)}${planned}, from ${started}, ${amount(environment.workers, 'worker')}${read}`;
}

/** Window that the figures cover. */
export function windowText({ windows }: Summary): string {
  const { steady, headline } = windows;
  if (headline === 'steady' && steady !== null) {
    const { from, to } = steady;
    return `of the steady state, ${span(from)} to ${span(to)} (${span(to - from)})`;
  }
  return steady === null
    ? 'of the whole run: the load never reached a steady state'
    : `of the whole run, not of the steady state, ${span(steady.from)} to ${span(steady.to)}`;
}

function span(seconds: number): string {
  return duration(seconds * 1000);
}
