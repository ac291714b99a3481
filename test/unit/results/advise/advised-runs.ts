import assert from 'node:assert/strict';
import { UserError } from '../../../../engine/errors.js';
import { type Advice, type AdviceRequest, advise } from '../../../../engine/results/advise/advice.js';
import { readPrices } from '../../../../engine/results/advise/prices.js';
import type { RecordedRun } from '../../../../engine/results/recorded-run.js';
import { type Measured, recordOf } from '../../../support/records.js';

export const PRICES = readPrices('prices.json', { currency: 'USD', perCardHour: { H800: 2.5, 'RTX 4090': 0.4 } });

/** Levels of a card: users, with TTFT and TPOT of each. */
export type Levels = readonly (readonly [users: number, ttft: number, tpot: number, more?: Measured])[];

export function levels(gpu: string, all: Levels, tp = '1'): RecordedRun[] {
  return all.map(([users, ttft, tpot, more = {}]) => {
    const labels = { gpu, model: 'Qwen2.5-7B', tp, ...more.labels };
    return { file: `${gpu}/${users}.json`, record: recordOf({ users, ttft, tpot, ...more, labels }) };
  });
}

export function ask(runs: readonly RecordedRun[], more: Partial<AdviceRequest> = {}): Advice {
  const load = { unit: 'users', value: 500 } as const;
  return advise(runs, { load, slos: ['llm_ttft:avg<500'], by: ['gpu', 'model', 'tp'], roofline: false, ...more });
}

export const only = (advice: Advice) => advice.alternatives[0]!.options[0]!;

export function refusal(act: () => unknown): UserError {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof UserError);
    return error;
  }
  throw new Error('nothing was refused');
}
