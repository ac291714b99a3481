import type { StreamClient } from '../clients/client.js';
import { floorClient } from '../clients/floor.js';
import { listeningClient } from '../clients/tokenswarm.js';
import { measure } from '../measure.js';
import { median } from '../statistics.js';
import type { Experiment } from './experiment.js';

const STREAMS = 500;

/** Most milliseconds of delay above that of the floor client. */
const ALLOWED = 5;

/**
 * Delay from writing an event to reading it, at 50 tokens/s. tokenswarm's figure is an upper bound: its script reads
 * the clock in `onToken`, a little after the instant of the read was taken.
 */
export const eventDelay: Experiment = {
  name: 'event-delay',
  title: 'Delay of each event, read less written',
  when: 'at leisure',
  async run({ native, target, quick, log }) {
    const floor = floorClient(native);
    const delays = new Map<StreamClient, number[]>([
      [floor, []],
      [listeningClient, []],
    ]);
    for (let repeat = 0; repeat < (quick ? 1 : 3); repeat += 1) {
      for (const [client, found] of delays) {
        const load = { streams: STREAMS, spread: 1000, hold: 4000, model: 'bench-ttft50-itl20-len50' };
        const { reported, truth } = await measure(client, load, target);
        const { delayP99 = Number.NaN } = reported;
        log(`${client.name}: ${delayP99.toFixed(2)} ms; the target wrote ${truth.latenessP99.toFixed(2)} ms late`);
        found.push(delayP99);
      }
    }
    const least = median(delays.get(floor) ?? []);
    const own = median(delays.get(listeningClient) ?? []);
    return [
      { what: `${floor.name}, ${STREAMS} streams, p99`, value: least, unit: 'ms' },
      { what: `tokenswarm, ${STREAMS} streams, p99`, value: own, unit: 'ms', goal: least + ALLOWED },
    ];
  },
};
