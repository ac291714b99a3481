import type { Reporter } from '../engine/metrics/reporter.js';
import type { Run } from '../engine/run/index.js';
import { type Io, printLine } from './io.js';
import { actor, type Display } from './live-view.js';
import type { Stop } from './stop-run.js';

/** Opens the live page, if it was asked for. `running` is called once the run exists. */
export async function openWebView(
  { stderr }: Io,
  web: string | undefined,
  display: Pick<Display, 'file' | 'outputs'>,
  running: () => Run,
  stop: Stop,
): Promise<readonly Reporter[]> {
  if (web === undefined) return [];
  const { openWebPage } = await import('../reporters/web/index.js');
  const tell = (text: string) => printLine(stderr, text);
  const onAction = actor(display, running, stop, tell);
  return [await openWebPage({ place: web, scenario: display.file, tell, onAction })];
}
