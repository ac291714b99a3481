import type { ErrorGroup, FailureGroup } from './delta.js';

/** Most groups; further ones are counted together. */
export const MOST_GROUPS = 100;

/** Rule that identifies and merges groups of one sort. */
interface Rule<Group> {
  readonly keyOf: (group: Group) => string;
  readonly join: (known: Group, added: Group) => Group;
  /** The group that takes this one in when there are too many. */
  readonly fold: (group: Group) => Group;
}

/** Errors counted by group, in bounded memory. */
export class Groups<Group> {
  readonly #rule: Rule<Group>;
  readonly #groups = new Map<string, Group>();

  constructor(rule: Rule<Group>) {
    this.#rule = rule;
  }

  add(group: Group): void {
    const { keyOf, join, fold } = this.#rule;
    const isFull = this.#groups.size >= MOST_GROUPS && !this.#groups.has(keyOf(group));
    const added = isFull ? fold(group) : group;
    const key = keyOf(added);
    const known = this.#groups.get(key);
    this.#groups.set(key, known ? join(known, added) : added);
  }

  get all(): Group[] {
    return [...this.#groups.values()];
  }

  /** Takes all groups out. */
  drain(): Group[] {
    const { all } = this;
    this.#groups.clear();
    return all;
  }
}

/** Failed requests by scenario, method, name, server, kind and status. Each group keeps its latest message. */
export function failureGroups(): Groups<FailureGroup> {
  return new Groups({
    keyOf: ({ scenario, method, name, target, kind, status }) =>
      JSON.stringify([scenario, method, name, target, kind, status]),
    join: (known, added) => ({
      ...(known.lastAt > added.lastAt ? known : added),
      count: known.count + added.count,
      firstAt: Math.min(known.firstAt, added.firstAt),
    }),
    fold: (failure) => ({ ...failure, name: '(other)' }),
  });
}

/** Exceptions by place; without one, by message without its numbers. */
export function errorGroups(): Groups<ErrorGroup> {
  return new Groups({
    keyOf: ({ scenario, where, message }) => JSON.stringify([scenario, where ?? message.replace(/\d+/g, '#')]),
    join: (known, added) => ({ ...known, count: known.count + added.count }),
    fold: ({ scenario, count }) => ({ scenario, message: '(other errors)', where: undefined, stack: '', count }),
  });
}
