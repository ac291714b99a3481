import type { CardReading } from '../metrics/gpu-record.js';
import { type PrometheusSample, readPrometheus } from '../server-metrics/prometheus.js';

/** Names of the exporter, those of hardware counters first. */
const POWER = ['DCGM_FI_DEV_POWER_USAGE'];
const ENERGY = ['DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION'];
const ACTIVE = ['DCGM_FI_PROF_SM_ACTIVE', 'DCGM_FI_PROF_GR_ENGINE_ACTIVE'];
const DRAM = ['DCGM_FI_PROF_DRAM_ACTIVE'];
const BUSY = ['DCGM_FI_DEV_GPU_UTIL'];
const MEMORY_BUSY = ['DCGM_FI_DEV_MEM_COPY_UTIL'];
const USED = ['DCGM_FI_DEV_FB_USED'];
const FREE = ['DCGM_FI_DEV_FB_FREE'];
const CLOCK = ['DCGM_FI_DEV_SM_CLOCK'];
const TEMPERATURE = ['DCGM_FI_DEV_GPU_TEMP'];
const REASONS = ['DCGM_FI_DEV_CLOCKS_EVENT_REASONS', 'DCGM_FI_DEV_CLOCK_THROTTLE_REASONS'];

const ALL: ReadonlySet<string> = new Set(
  [POWER, ENERGY, ACTIVE, DRAM, BUSY, MEMORY_BUSY, USED, FREE, CLOCK, TEMPERATURE, REASONS].flat(),
);

/** Bits of the reasons that are power or heat. Source: DCGM, dcgm_fields.h. */
const SLOWED = 0x04 | 0x08 | 0x20 | 0x40 | 0x80;

const MIB = 2 ** 20;

/** Cards of a page, and whether their activities are of hardware counters. */
interface DcgmPage {
  readonly cards: readonly CardReading[];
  readonly isProfiled: boolean;
}

/** Reads a page of the DCGM exporter. Undefined where it has none of its names. Slices of a card are one card. */
export function readDcgm(text: string): DcgmPage | undefined {
  const samples = readPrometheus(text, ALL);
  const byCard = new Map<string, PrometheusSample[]>();
  for (const sample of samples) {
    const { Hostname = '', UUID = '', gpu = '' } = sample.labels;
    const card = `${Hostname} ${UUID || gpu}`;
    byCard.set(card, [...(byCard.get(card) ?? []), sample]);
  }
  if (byCard.size === 0) return undefined;
  const cards = [...byCard.values()].map(cardOf);
  return { cards, isProfiled: samples.some(({ name }) => [...ACTIVE, ...DRAM].includes(name)) };
}

function cardOf(samples: readonly PrometheusSample[]): CardReading {
  const [used, free] = [readingOf(samples, USED), readingOf(samples, FREE)];
  const energy = readingOf(samples, ENERGY);
  return {
    name: samples[0]?.labels.modelName ?? 'unknown',
    power: readingOf(samples, POWER),
    energy: energy === null ? null : energy / 1000,
    activity: readingOf(samples, ACTIVE) ?? percentOf(readingOf(samples, BUSY)),
    memoryActivity: readingOf(samples, DRAM) ?? percentOf(readingOf(samples, MEMORY_BUSY)),
    memoryUsed: used === null ? null : used * MIB,
    memoryTotal: used === null || free === null ? null : (used + free) * MIB,
    clock: readingOf(samples, CLOCK),
    temperature: readingOf(samples, TEMPERATURE),
    isThrottled: ((readingOf(samples, REASONS) ?? 0) & SLOWED) !== 0,
  };
}

/** Highest value of the first name that has any. */
function readingOf(samples: readonly PrometheusSample[], names: readonly string[]): number | null {
  for (const name of names) {
    const values = samples.filter((sample) => sample.name === name).map(({ value }) => value);
    if (values.length > 0) return Math.max(...values);
  }
  return null;
}

function percentOf(percent: number | null): number | null {
  return percent === null ? null : percent / 100;
}
