import { outside } from './outside.js';

/** Names and values added to a sample. */
export type SampleTags = Readonly<Record<string, string | number | boolean>>;

/** Metric that adds up, such as `new Counter('answers_in_chinese').add(1)`. */
export class Counter {
  constructor(readonly name: string) {}
  /** Adds to the sum. */
  add(amount: number, tags?: SampleTags): void {
    outside('Counter', amount, tags);
  }
}

/** Metric that keeps the last value, the lowest and the highest. */
export class Gauge {
  constructor(readonly name: string) {}
  /** Sets the value. */
  add(value: number, tags?: SampleTags): void {
    outside('Gauge', value, tags);
  }
}

/** Metric for the share of true samples. */
export class Rate {
  constructor(readonly name: string) {}
  /** Adds a sample; true or any number but 0 counts as passed. */
  add(passed: boolean | number, tags?: SampleTags): void {
    outside('Rate', passed, tags);
  }
}

/** Metric that keeps a distribution of values from 0 up. With `isTime` they are milliseconds. */
export class Trend {
  constructor(
    readonly name: string,
    readonly isTime: boolean = false,
  ) {}
  /** Adds a sample. */
  add(value: number, tags?: SampleTags): void {
    outside('Trend', value, tags);
  }
}
