import { outside } from './outside.js';

/** Names and values put on a sample. */
export type SampleTags = Readonly<Record<string, string | number | boolean>>;

/** A metric that adds up: `new Counter('answers_in_chinese').add(1)`. */
export class Counter {
  constructor(readonly name: string) {}
  add(_amount: number, _tags?: SampleTags): void {
    outside('Counter');
  }
}

/** A metric that keeps the last value, with the lowest and highest. */
export class Gauge {
  constructor(readonly name: string) {}
  add(_value: number, _tags?: SampleTags): void {
    outside('Gauge');
  }
}

/** A metric that tells how often something was true. */
export class Rate {
  constructor(readonly name: string) {}
  add(_passed: boolean | number, _tags?: SampleTags): void {
    outside('Rate');
  }
}

/** A metric that keeps a distribution; with `isTime` its values are milliseconds. Values are 0 or above. */
export class Trend {
  constructor(
    readonly name: string,
    readonly isTime: boolean = false,
  ) {}
  add(_value: number, _tags?: SampleTags): void {
    outside('Trend');
  }
}
