/** Throws for a function of the API called outside of a run. */
export function outside(name: string, ..._given: readonly unknown[]): never {
  throw new Error(`${name} works only in a scenario that tokenswarm runs: tokenswarm run FILE`);
}
