import type { Tags } from './series.js';

/** Most tags kept. Further ones are made anew each time. */
const MOST = 1000;

/** Place of tags, and of those with one more. */
interface Node {
  readonly tags: Tags;
  readonly next: Map<string, Node>;
}

/** Tags of requests, one object for each combination. An object in hand is found without sorting its keys. */
export class TagSets {
  readonly #onNew: (tags: Tags) => void;
  readonly #root: Node = { tags: {}, next: new Map() };
  #size = 0;

  /** Calls `onNew` with tags that are kept. */
  constructor(onNew: (tags: Tags) => void) {
    this.#onNew = onNew;
  }

  /** Tags of a scenario, or of a request in it. `target` is its server, where there are several. */
  of(scenario: string, name?: string, target?: string): Tags {
    let node = this.#below(this.#root, 'scenario', scenario);
    if (name !== undefined) node = this.#below(node, 'name', name);
    if (target !== undefined) node = this.#below(node, 'target', target);
    return node.tags;
  }

  #below({ tags, next }: Node, key: string, value: string): Node {
    const known = next.get(value);
    if (known) return known;
    const node = { tags: { ...tags, [key]: value }, next: new Map<string, Node>() };
    if (this.#size >= MOST) return node;
    this.#size += 1;
    next.set(value, node);
    this.#onNew(node.tags);
    return node;
  }
}
