type Visit = (...values: readonly unknown[]) => unknown;

/** Awaited forms of the methods of arrays, by name. */
const METHODS: Readonly<
  Record<string, (list: readonly unknown[], visit: Visit, given: readonly unknown[]) => Promise<unknown>>
> = {
  async forEach(list, visit) {
    for (const [index, value] of list.entries()) await visit(value, index, list);
  },
  map: results,
  async flatMap(list, visit) {
    return (await results(list, visit)).flat();
  },
  async filter(list, visit) {
    const kept = await results(list, visit);
    return list.filter((_, index) => kept[index]);
  },
  async some(list, visit) {
    return (await firstWhere([...list.entries()], visit, list, Boolean)) !== undefined;
  },
  async every(list, visit) {
    return (await firstWhere([...list.entries()], visit, list, (found) => !found)) === undefined;
  },
  async find(list, visit) {
    return (await firstWhere([...list.entries()], visit, list, Boolean))?.[1];
  },
  async findIndex(list, visit) {
    return (await firstWhere([...list.entries()], visit, list, Boolean))?.[0] ?? -1;
  },
  async findLast(list, visit) {
    return (await firstWhere([...list.entries()].reverse(), visit, list, Boolean))?.[1];
  },
  async findLastIndex(list, visit) {
    return (await firstWhere([...list.entries()].reverse(), visit, list, Boolean))?.[0] ?? -1;
  },
  reduce: (list, visit, given) => folded([...list.entries()], list, visit, given),
  reduceRight: (list, visit, given) => folded([...list.entries()].reverse(), list, visit, given),
};

/**
 * Calls a method of a list whose function waits for responses. One element after the other; of anything but a list, set
 * or map, the method itself is called.
 */
export async function inTurn(
  list: unknown,
  name: string,
  visit: Visit,
  ...given: readonly unknown[]
): Promise<unknown> {
  const method = METHODS[name];
  if (Array.isArray(list) && method) {
    const [self] = given;
    const isFold = name.startsWith('reduce');
    return method(list, isFold || self === undefined ? visit : visit.bind(self), given);
  }
  if (list instanceof Map || list instanceof Set) {
    for (const [key, value] of [...list.entries()]) await visit(value, key, list);
    return undefined;
  }
  return (list as Readonly<Record<string, Visit>>)[name]?.(visit, ...given);
}

/** `Array.from` with a function that waits for responses. */
export async function from(list: Iterable<unknown> | ArrayLike<unknown>, visit: Visit): Promise<unknown[]> {
  return results(Array.from(list as ArrayLike<unknown>), visit);
}

async function results(list: readonly unknown[], visit: Visit): Promise<unknown[]> {
  const all: unknown[] = [];
  for (const [index, value] of list.entries()) all.push(await visit(value, index, list));
  return all;
}

async function firstWhere(
  entries: readonly (readonly [number, unknown])[],
  visit: Visit,
  list: readonly unknown[],
  isFound: (result: unknown) => boolean,
): Promise<readonly [number, unknown] | undefined> {
  for (const entry of entries) if (isFound(await visit(entry[1], entry[0], list))) return entry;
  return undefined;
}

async function folded(
  entries: readonly (readonly [number, unknown])[],
  list: readonly unknown[],
  visit: Visit,
  given: readonly unknown[],
): Promise<unknown> {
  if (given.length === 0 && entries.length === 0) throw new TypeError('reduce of an empty list without a first value');
  let result = given.length > 0 ? given[0] : entries[0]?.[1];
  for (const [index, value] of given.length > 0 ? entries : entries.slice(1)) {
    result = await visit(result, value, index, list);
  }
  return result;
}
