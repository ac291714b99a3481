import { configError } from '../../engine/errors.js';
import type { Reporter, RunStart } from '../../engine/metrics/reporter.js';
import type { Snapshot } from '../../engine/metrics/snapshot.js';
import { exportedMetrics } from '../exported/index.js';
import type { LiveSurroundings } from '../live-output.js';
import { checkFree, readAddress } from './address.js';
import { familiesOf } from './families.js';
import { openPage, type ScrapePage } from './page.js';

/** Least and longest wait for a last scrape, in milliseconds. The longest is Prometheus' default interval. */
const LEAST_WAIT = 5000;
const LONGEST_WAIT = 60_000;

/**
 * Page for Prometheus, at an address such as `:9464`. After the load it waits for one more scrape, so that the last
 * figures are stored: as long as the scrapes were apart, and not at all if there was none. Throws a UserError where
 * the address is wrong or taken.
 */
export async function prometheusPage(
  name: string,
  address: string,
  { tell, leaving }: LiveSurroundings,
): Promise<Reporter> {
  const place = readAddress(address);
  if (!place) {
    const message = `expected :PORT or HOST:PORT, got ${JSON.stringify(address)}`;
    throw configError('--out prometheus', message, 'for example --out prometheus=:9464');
  }
  await checkFree(place, `--out ${name}`);
  let start: RunStart | undefined;
  let snapshot: Snapshot | undefined;
  let page: ScrapePage | undefined;
  const clashes = new Set<string>();
  const onClash = (metric: string) => {
    if (clashes.has(metric)) return;
    clashes.add(metric);
    start?.warn(`${name}: the metric ${metric} is left out, because another has the same name in Prometheus`);
  };
  return {
    name,
    async onStart(facts) {
      start = facts;
      page = await openPage(place, () => familiesOf(exportedMetrics(facts, snapshot), onClash));
      if (place.port === 0) tell(`${name}: the page is at port ${page.port}`);
    },
    onSnapshot(next) {
      snapshot = next;
    },
    async onEnd() {
      if (page && page.scrapes > 0) {
        const longest = Math.min(LONGEST_WAIT, Math.max(LEAST_WAIT, 1.5 * (page.interval ?? LONGEST_WAIT)));
        tell(`${name}: waiting for a last scrape, ${Math.ceil(longest / 1000)} s at most; Ctrl-C leaves at once`);
        await lastScrape(page, longest, leaving);
      }
      page?.close();
    },
  };
}

/** Waits for one more scrape. Gives up after `longest` milliseconds, or when the user leaves. */
async function lastScrape(page: ScrapePage, longest: number, leaving: AbortSignal): Promise<void> {
  let stop: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, longest);
    stop = () => {
      clearTimeout(timer);
      resolve();
    };
    if (leaving.aborted) stop();
    else leaving.addEventListener('abort', stop, { once: true });
  });
  await Promise.race([page.nextScrape(), stopped]);
  leaving.removeEventListener('abort', stop);
  stop();
}
