/** Promise that knows if anything waits for it. Its error is never unhandled: who made it looks. */
export class Joinable<Value> extends Promise<Value> {
  /** True once awaited, or handed to `then`. */
  isJoined = false;

  /** Promise of the same outcome as another. */
  static of<Value>(promise: Promise<Value>): Joinable<Value> {
    const joinable = new Joinable<Value>((resolve) => resolve(promise));
    Promise.prototype.then.call(joinable, undefined, () => undefined);
    return joinable;
  }

  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a promise
  override then<Next = Value, Rescued = never>(
    onValue?: ((value: Value) => Next | PromiseLike<Next>) | null,
    onError?: ((reason: unknown) => Rescued | PromiseLike<Rescued>) | null,
  ): Promise<Next | Rescued> {
    this.isJoined = true;
    return super.then(onValue, onError);
  }
}
