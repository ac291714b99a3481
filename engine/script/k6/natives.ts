/** Methods of collections that call a function for each element. Index of the element among its parameters. */
export const IN_TURN: Readonly<Record<string, number>> = {
  ...{ forEach: 0, map: 0, filter: 0, some: 0, every: 0, flatMap: 0, each: 0 },
  ...{ find: 0, findIndex: 0, findLast: 0, findLastIndex: 0, reduce: 1, reduceRight: 1 },
};

/** Native functions that need the result of their callback at once. */
export const SYNCHRONOUS: readonly string[] = ['sort', 'toSorted', 'replace', 'replaceAll', 'stringify'];

/** Methods that put their arguments into a collection. */
export const FILLING: readonly string[] = ['push', 'unshift', 'add', 'set', 'fill'];

/** Methods that return an element of a collection. */
export const TAKING: readonly string[] = ['pop', 'shift', 'at', 'get', 'find', 'findLast'];
