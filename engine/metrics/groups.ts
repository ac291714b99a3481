import type { ErrorGroup, FailureGroup } from './delta.js';

/** Most groups; further ones are counted together. */
export const MOST_GROUPS = 100;
/** Most causes told apart within a group; further ones are counted together. */
export const MOST_CAUSES = 5;

/** Rule that identifies and merges groups of one sort. */
interface Rule<Group> {
  readonly keyOf: (group: Group) => string;
  /** Tells groups with the same key apart, a few of them. */
  readonly causeOf?: (group: Group) => string;
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
    const own = this.#keyFor(group);
    const isFull = this.#groups.size >= MOST_GROUPS && !this.#groups.has(own);
    const added = isFull ? fold(group) : group;
    const key = isFull ? keyOf(added) : own;
    const known = this.#groups.get(key);
    this.#groups.set(key, known ? join(known, added) : added);
  }

  #keyFor(group: Group): string {
    const { keyOf, causeOf } = this.#rule;
    const shared = keyOf(group);
    const cause = causeOf?.(group);
    if (!cause) return shared;
    const key = `${shared}\n${cause}`;
    if (this.#groups.has(key)) return key;
    const causes = [...this.#groups.keys()].filter((known) => known.startsWith(`${shared}\n`));
    return causes.length < MOST_CAUSES ? key : shared;
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

/**
 * Failed requests by scenario, method, name, server, kind and status. Malformed ones by cause as well. Each group keeps
 * its latest message.
 */
export function failureGroups(): Groups<FailureGroup> {
  return new Groups({
    keyOf: ({ scenario, method, name, target, kind, status }) =>
      JSON.stringify([scenario, method, name, target, kind, status]),
    causeOf: ({ kind, message }) => (kind === 'malformed' ? causeIn(message) : ''),
    join: (known, added) => ({
      ...(known.lastAt > added.lastAt ? known : added),
      count: known.count + added.count,
      firstAt: Math.min(known.firstAt, added.firstAt),
    }),
    fold: (failure) => ({ ...failure, name: '(other)' }),
  });
}

/** Message of a malformed answer without what it quotes of it. */
function causeIn(message: string): string {
  return message
    .replace(/^((?:an event|the answer) is not? [^:]*|expected [^:]*): .*$/s, '$1')
    .replace(/"[^"]*"?|\{.*|\[\{.*|\d+/gs, '#');
}

/** Exceptions by place; without one, by message without its numbers. */
export function errorGroups(): Groups<ErrorGroup> {
  return new Groups({
    keyOf: ({ scenario, where, message }) => JSON.stringify([scenario, where ?? message.replace(/\d+/g, '#')]),
    join: (known, added) => ({ ...known, count: known.count + added.count }),
    fold: ({ scenario, count }) => ({ scenario, message: '(other errors)', where: undefined, stack: '', count }),
  });
}
