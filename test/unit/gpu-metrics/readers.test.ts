import assert from 'node:assert/strict';
import { readAmd } from '../../../engine/gpu-metrics/amd-smi.js';
import { readDcgm } from '../../../engine/gpu-metrics/dcgm.js';
import { readNvidia } from '../../../engine/gpu-metrics/nvidia-smi.js';

const GIB = 2 ** 30;
const MIB = 2 ** 20;

describe('nvidia-smi', () => {
  it('tells each card on a line, and what slows it down', () => {
    const [busy, idle] = readNvidia(
      'NVIDIA H200, 612.35, 98, 41, 131072, 143771, 1755, 61, 0x0000000000000004\n' +
        'NVIDIA H200, 76.90, 0, 0, 4, 143771, 345, 28, 0x0000000000000001\n',
    );
    assert.deepEqual(busy, {
      ...{ name: 'NVIDIA H200', power: 612.35, energy: null, activity: 0.98, memoryActivity: 0.41 },
      ...{ memoryUsed: 128 * GIB, memoryTotal: 143_771 * MIB, clock: 1755, temperature: 61, isThrottled: true },
    });
    assert.equal(idle?.isThrottled, false);
  });

  it('may not know some of it', () => {
    const [card] = readNvidia('NVIDIA GB10, [N/A], 45, [Not Supported], [N/A], [N/A], 208, 42, [N/A]\n');
    assert.deepEqual(card, {
      ...{ name: 'NVIDIA GB10', power: null, energy: null, activity: 0.45, memoryActivity: null },
      ...{ memoryUsed: null, memoryTotal: null, clock: 208, temperature: 42, isThrottled: false },
    });
  });
});

/** Page of the exporter, by driver 580.159.03, without its comments. */
const RTX = `DCGM_FI_DEV_SM_CLOCK{DCGM_FI_DRIVER_VERSION="580.159.03",Hostname="e104",UUID="GPU-02e7ad33",device="nvidia0",gpu="0",modelName="NVIDIA GeForce RTX 4070"} 2475
DCGM_FI_DEV_GPU_TEMP{DCGM_FI_DRIVER_VERSION="580.159.03",Hostname="e104",UUID="GPU-02e7ad33",device="nvidia0",gpu="0",modelName="NVIDIA GeForce RTX 4070"} 48
DCGM_FI_DEV_POWER_USAGE{DCGM_FI_DRIVER_VERSION="580.159.03",Hostname="e104",UUID="GPU-02e7ad33",device="nvidia0",gpu="0",modelName="NVIDIA GeForce RTX 4070"} 8.61
DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{DCGM_FI_DRIVER_VERSION="580.159.03",Hostname="e104",UUID="GPU-02e7ad33",device="nvidia0",gpu="0",modelName="NVIDIA GeForce RTX 4070"} 32972735665
DCGM_FI_DEV_GPU_UTIL{DCGM_FI_DRIVER_VERSION="580.159.03",Hostname="e104",UUID="GPU-02e7ad33",device="nvidia0",gpu="0",modelName="NVIDIA GeForce RTX 4070"} 55
DCGM_FI_DEV_FB_FREE{DCGM_FI_DRIVER_VERSION="580.159.03",Hostname="e104",UUID="GPU-02e7ad33",device="nvidia0",gpu="0",modelName="NVIDIA GeForce RTX 4070"} 11000
DCGM_FI_DEV_FB_USED{DCGM_FI_DRIVER_VERSION="580.159.03",Hostname="e104",UUID="GPU-02e7ad33",device="nvidia0",gpu="0",modelName="NVIDIA GeForce RTX 4070"} 1024`;

describe('the DCGM exporter', () => {
  it('tells a card without hardware counters', () => {
    const page = readDcgm(RTX);
    assert.equal(page?.isProfiled, false);
    assert.deepEqual(page?.cards, [
      {
        ...{ name: 'NVIDIA GeForce RTX 4070', power: 8.61, energy: 32_972_735.665, activity: 0.55 },
        ...{ memoryActivity: null, memoryUsed: GIB, memoryTotal: 12_024 * MIB, clock: 2475, temperature: 48 },
        isThrottled: false,
      },
    ]);
  });

  it('tells the activity of multiprocessors and memory where it profiles, and a card with slices once', () => {
    const slice = (id: number, name: string, value: number) =>
      `${name}{gpu="0",UUID="GPU-1f027ee8",modelName="NVIDIA A800-SXM4-80GB",GPU_I_ID="${id}",Hostname="h"} ${value}`;
    const page = readDcgm(
      [
        slice(3, 'DCGM_FI_DEV_POWER_USAGE', 300),
        slice(5, 'DCGM_FI_DEV_POWER_USAGE', 300),
        slice(3, 'DCGM_FI_PROF_SM_ACTIVE', 0.2),
        slice(5, 'DCGM_FI_PROF_SM_ACTIVE', 0.7),
        slice(3, 'DCGM_FI_PROF_DRAM_ACTIVE', 0.6),
        slice(3, 'DCGM_FI_DEV_CLOCK_THROTTLE_REASONS', 32),
      ].join('\n'),
    );
    assert.equal(page?.isProfiled, true);
    assert.equal(page?.cards.length, 1);
    const [card] = page?.cards ?? [];
    assert.deepEqual([card?.power, card?.activity, card?.memoryActivity, card?.isThrottled], [300, 0.7, 0.6, true]);
  });

  it('is told from other pages', () => assert.equal(readDcgm('vllm:num_requests_running 1'), undefined));
});

describe('amd-smi', () => {
  const card = {
    gpu: 0,
    usage: { gfx_activity: { value: 87, unit: '%' }, umc_activity: { value: 41, unit: '%' } },
    mem_usage: { used_vram: { value: 121_344, unit: 'MB' }, total_vram: { value: 196_592, unit: 'MB' } },
    temperature: { hotspot: { value: 71, unit: 'C' }, edge: { value: 52, unit: 'C' } },
    power: { socket_power: { value: 542, unit: 'W' }, throttle_status: 'THROTTLED' },
    clock: { gfx_0: { clk: { value: 2100, unit: 'MHz' } } },
    energy: { total_energy_consumption: { value: 1_234.5, unit: 'J' } },
  };
  const read = {
    ...{ name: 'AMD 0', power: 542, energy: 1234.5, activity: 0.87, memoryActivity: 0.41, clock: 2100 },
    ...{ memoryUsed: 121_344 * MIB, memoryTotal: 196_592 * MIB, temperature: 71, isThrottled: true },
  };

  it('tells each card as JSON, in a list or below a key', () => {
    assert.deepEqual(readAmd(JSON.stringify([card])), [read]);
    assert.deepEqual(readAmd(JSON.stringify({ gpu_data: [card] })), [read]);
  });

  it('may have no value, or no unit', () => {
    const [cold] = readAmd(
      '[{"gpu":1,"temperature":{"hotspot":"N/A","edge":{"value":30}},"power":{"socket_power":90}}]',
    );
    assert.deepEqual([cold?.temperature, cold?.power, cold?.activity], [30, 90, null]);
  });
});
