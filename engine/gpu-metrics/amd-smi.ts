import type { CardReading } from '../metrics/gpu-record.js';

/** Arguments of `amd-smi` for all cards. */
export const AMD_ARGUMENTS: readonly string[] = ['metric', '--json'];

const UNITS: Readonly<Record<string, number>> = { KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30 };

/** Reads its JSON: a list of cards, or an object with one. A value is a number, or `{ value, unit }`, or `N/A`. */
export function readAmd(text: string): readonly CardReading[] {
  const read: unknown = JSON.parse(text);
  const cards = Array.isArray(read) ? read : partOf(read, 'gpu_data');
  return (Array.isArray(cards) ? cards : []).map((card: unknown) => {
    const status = partOf(card, 'throttle', 'accumulation_counter') ?? partOf(card, 'power', 'throttle_status');
    const busy = numberOf(partOf(card, 'usage', 'gfx_activity'));
    const memoryBusy = numberOf(partOf(card, 'usage', 'umc_activity'));
    return {
      name: `AMD ${String(partOf(card, 'gpu') ?? '')}`.trim(),
      power: numberOf(partOf(card, 'power', 'socket_power')),
      energy: numberOf(partOf(card, 'energy', 'total_energy_consumption')),
      activity: busy === null ? null : busy / 100,
      memoryActivity: memoryBusy === null ? null : memoryBusy / 100,
      memoryUsed: bytesOf(partOf(card, 'mem_usage', 'used_vram')),
      memoryTotal: bytesOf(partOf(card, 'mem_usage', 'total_vram')),
      clock: numberOf(partOf(card, 'clock', 'gfx_0', 'clk')),
      temperature: numberOf(partOf(card, 'temperature', 'hotspot')) ?? numberOf(partOf(card, 'temperature', 'edge')),
      isThrottled: status === 'THROTTLED',
    };
  });
}

/** Part of a document; undefined where it has none. */
function partOf(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce((part, key) => {
    return typeof part === 'object' && part !== null ? (part as Readonly<Record<string, unknown>>)[key] : undefined;
  }, value);
}

function numberOf(value: unknown): number | null {
  const plain = typeof value === 'object' ? partOf(value, 'value') : value;
  return typeof plain === 'number' && Number.isFinite(plain) ? plain : null;
}

function bytesOf(value: unknown): number | null {
  const amount = numberOf(value);
  return amount === null ? null : amount * (UNITS[String(partOf(value, 'unit') ?? 'MB')] ?? 1);
}
