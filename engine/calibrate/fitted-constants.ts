import type { Efficiency } from '../hardware/index.js';

/** Constant that a calibration fits. */
export interface FittedConstant {
  readonly name: keyof Efficiency;
  /** Deviation of what is known beforehand, around the version's value. */
  readonly deviation: number;
  /** Measurement that determines it, for advice. */
  readonly measure: string;
}

/** Fitted constants. All others keep the values of the server's version. */
export const FITTED: readonly FittedConstant[] = [
  { name: 'memoryBandwidth', deviation: 0.04, measure: 'users from 32 on with prompts of 2,000 tokens and more' },
  { name: 'compute', deviation: 0.15, measure: 'several users with prompts of 2,000 tokens and more' },
  { name: 'operationUs', deviation: 1.5, measure: 'one user, on models of several sizes' },
  { name: 'stepOverheadMs', deviation: 0.6, measure: 'one user with short prompts' },
  {
    name: 'sequenceOverheadUs',
    deviation: 5,
    measure: '64 users and more with short prompts, also answers in one piece',
  },
  { name: 'promptStepMs', deviation: 3, measure: 'one user with answers of one token' },
  { name: 'promptMs', deviation: 0.5, measure: '64 users and more with short answers' },
  {
    name: 'eagerMs',
    deviation: 5,
    measure: '600 users and more with short prompts, on two API servers or the Rust one',
  },
  { name: 'requestWaitMs', deviation: 3, measure: 'one user with short prompts' },
  { name: 'poolMs', deviation: 1, measure: '256 users and more with short answers' },
  { name: 'requestMs', deviation: 1, measure: '64 users with answers of one token' },
  { name: 'promptTokenUs', deviation: 2, measure: 'one user with prompts of 8,000 tokens and more' },
  { name: 'tokenUs', deviation: 15, measure: '256 users, also with answers in one piece' },
  { name: 'eventUs', deviation: 30, measure: '256 users and more with streamed answers' },
];
