import type { Native } from '../native.js';
import type { StreamClient } from './client.js';

/** Minimal client in C, the nearest to the truth that is possible. */
export function floorClient({ floor }: Native): StreamClient {
  return {
    name: 'floor (C)',
    missing: () => undefined,
    command: ({ port, streams, spread, hold, model }) => [
      floor,
      ...[port, streams, (spread + hold) / 1000, model, spread].map(String),
    ],
    read(stdout) {
      const { ttft, delay } = JSON.parse(stdout);
      return { ttft, delayP99: delay.p99 };
    },
  };
}
