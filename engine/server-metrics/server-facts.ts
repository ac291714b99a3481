import type { ServerInfo } from '../metrics/server-record.js';
import type { ReadPage } from './pages.js';

/** Facts that servers report about themselves, and the cost of reading them. */
export class ServerFacts {
  version: string | null = null;
  #server: string | undefined;
  #cacheConfig: ServerInfo['cacheConfig'] = null;
  #reads = 0;
  /** Time of all reads, in milliseconds, and the size of the last. */
  #time = 0;
  #bytes = 0;

  /** Enters what was read of all pages in `time` milliseconds. */
  enter(read: readonly ReadPage[], time: number): void {
    this.#server ??= [...new Set(read.map(({ known }) => known.server))].join(', ');
    this.#cacheConfig ??= read[0]?.cacheConfig ?? null;
    this.#reads += 1;
    this.#time += time;
    this.#bytes = read.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Facts so far. */
  get told(): Omit<ServerInfo, 'metricsUrl'> {
    return {
      ...(this.#server !== undefined && { server: this.#server }),
      ...{ version: this.version, cacheConfig: this.#cacheConfig },
      scrape: { meanMs: this.#time / Math.max(1, this.#reads), bytes: this.#bytes },
    };
  }
}
