import { outside } from './outside.js';

/** Names and values added to a sample. */
export type SampleTags = Readonly<Record<string, string | number | boolean>>;

/** Metric that adds up, such as `new Counter('answers_in_chinese').add(1)`. */
export class Counter {
  constructor(readonly name: string) {}
  add(_amount: number, _tags?: SampleTags): void {
    outside('Counter');
  }
}

/** Metric that keeps the last value, the lowest and the highest. */
export class Gauge {
  constructor(readonly name: string) {}
  add(_value: number, _tags?: SampleTags): void {
    outside('Gauge');
  }
}

/** Metric for the share of true samples. */
export class Rate {
  constructor(readonly name: string) {}
  add(_passed: boolean | number, _tags?: SampleTags): void {
    outside('Rate');
  }
}

/** Metric that keeps a distribution of values from 0 up. With `isTime` they are milliseconds. */
export class Trend {
  constructor(
    readonly name: string,
    readonly isTime: boolean = false,
  ) {}
  add(_value: number, _tags?: SampleTags): void {
    outside('Trend');
  }
}
