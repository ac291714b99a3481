import type { CardReading } from '../metrics/gpu-record.js';

/** Fields of the reasons for lower clocks. Drivers since 535 call them events. */
export const REASONS = ['clocks_event_reasons.active', 'clocks_throttle_reasons.active'] as const;

const FIELDS = [
  'name',
  'power.draw',
  'utilization.gpu',
  'utilization.memory',
  'memory.used',
  'memory.total',
  'clocks.sm',
  'temperature.gpu',
] as const;

/** Bits of the reasons that are power or heat. Source: NVML, nvmlClocksEventReasons. */
const SLOWED = 0x04 | 0x08 | 0x20 | 0x40 | 0x80;

const MIB = 2 ** 20;

/** Arguments of `nvidia-smi` for a line of each card. */
export function nvidiaArguments(reasons: (typeof REASONS)[number]): readonly string[] {
  return [`--query-gpu=${[...FIELDS, reasons].join(',')}`, '--format=csv,noheader,nounits'];
}

/** Reads its lines. A field in brackets, such as `[N/A]`, is not known. */
export function readNvidia(text: string): readonly CardReading[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      // Names have no commas.
      const [name = '', ...rest] = line.split(',').map((field) => field.trim());
      const [power, busy, memoryBusy, used, total, clock, temperature] = rest.map(numberOf);
      const reasons = Number(rest[7] ?? 0);
      return {
        name,
        power: power ?? null,
        energy: null,
        activity: shareOf(busy),
        memoryActivity: shareOf(memoryBusy),
        memoryUsed: bytesOf(used),
        memoryTotal: bytesOf(total),
        clock: clock ?? null,
        temperature: temperature ?? null,
        isThrottled: (reasons & SLOWED) !== 0,
      };
    });
}

function numberOf(text: string): number | null {
  const value = Number(text);
  return text === '' || Number.isNaN(value) ? null : value;
}

function shareOf(percent: number | null | undefined): number | null {
  return percent === null || percent === undefined ? null : percent / 100;
}

function bytesOf(mib: number | null | undefined): number | null {
  return mib === null || mib === undefined ? null : mib * MIB;
}
