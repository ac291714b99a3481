import type { ClassNode, FunctionNode } from './syntax.js';

/** Function of a module of k6. The module itself where `name` is empty. */
export interface ApiValue {
  readonly type: 'api';
  readonly module: string;
  readonly name: string;
}

/** Callable value that an expression may have. */
export type Value = FunctionNode | ClassNode | ApiValue;

/** Anything that holds values. A variable, an expression, a property's name such as `.get`. */
export type Holder = object | string;

/** Elements of any list, map or computed property. */
export const ELEMENTS = '[]';

/**
 * Callable values that each holder may have. Properties are told apart by name alone, as in Feldthaus et al.,
 * "Efficient Construction of Approximate Call Graphs for JavaScript IDE Services" (ICSE 2013).
 */
export class Flow {
  readonly #values = new Map<Holder, Set<Value>>();
  readonly #targets = new Map<Holder, Set<Holder>>();
  readonly #watchers = new Map<Holder, ((value: Value) => void)[]>();
  readonly #apis = new Map<string, ApiValue>();
  readonly #waiting: (readonly [Holder, Value])[] = [];
  #isSpreading = false;

  /** Value of an API; the same object each time. */
  api(module: string, name: string): ApiValue {
    const key = `${module} ${name}`;
    const known = this.#apis.get(key) ?? { type: 'api', module, name };
    this.#apis.set(key, known);
    return known;
  }

  values(holder: Holder): ReadonlySet<Value> {
    return this.#values.get(holder) ?? NONE;
  }

  add(holder: Holder, value: Value): void {
    this.#waiting.push([holder, value]);
    this.#spread();
  }

  /** Lets every value of `from` be one of `to`, also later ones. */
  connect(from: Holder, to: Holder): void {
    const targets = this.#targets.get(from) ?? new Set();
    this.#targets.set(from, targets);
    if (from === to || targets.has(to)) return;
    targets.add(to);
    for (const value of this.values(from)) this.add(to, value);
  }

  /** Calls `watcher` once for every value of a holder, also later ones. */
  watch(holder: Holder, watcher: (value: Value) => void): void {
    const watchers = this.#watchers.get(holder) ?? [];
    this.#watchers.set(holder, [...watchers, watcher]);
    for (const value of [...this.values(holder)]) watcher(value);
  }

  /** Spreads waiting values. Flat, since a chain of calls may be long. */
  #spread(): void {
    if (this.#isSpreading) return;
    this.#isSpreading = true;
    for (let next = this.#waiting.pop(); next; next = this.#waiting.pop()) {
      const [holder, value] = next;
      const values = this.#values.get(holder) ?? new Set();
      this.#values.set(holder, values);
      if (values.has(value)) continue;
      values.add(value);
      for (const target of this.#targets.get(holder) ?? NONE) this.#waiting.push([target, value]);
      for (const watcher of this.#watchers.get(holder) ?? []) watcher(value);
    }
    this.#isSpreading = false;
  }
}

const NONE: ReadonlySet<never> = new Set<never>();
