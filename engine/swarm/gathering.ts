import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type Clock, sleep, wallTime } from '../clock.js';
import { configError, messageOf, UserError } from '../errors.js';
import type { Share } from '../executors/share.js';
import { type Hello, read, refusalOf, refused } from './hello.js';
import type { MeetingPoint } from './meeting-point.js';

/** Time between two looks at the meeting point, in milliseconds. */
const PERIOD = 20;

/** Lead of a start, in milliseconds. Every machine and worker learns of it before. */
export const LEAD = 1500;

/** Time for the others to read of a failure, in milliseconds. */
const FAREWELL = 500;

/** Answer of share 1 to all introductions. */
interface Call {
  readonly session: string;
  readonly nonces: readonly string[];
  /** Reason for which the run cannot be. */
  readonly refusal?: string;
}

/** Common start on the clock of share 1. `ahead` is that clock's offset to the meeting point's. */
interface CommonStart {
  readonly at: number;
  readonly ahead: number;
}

/** Settings of a gathering. */
export interface GatheringOptions {
  readonly point: MeetingPoint;
  readonly share: Share;
  readonly fingerprint: string;
  readonly clock: Clock;
  /** Ends every wait. */
  readonly signal: AbortSignal;
  /** Longest wait for the other machines, in milliseconds. */
  readonly patience: number;
  /** Called with what is waited for. */
  readonly onWait: (text: string) => void;
}

/** The machines of one run, gathered at a meeting point. Share 1 leads. */
export class Gathering {
  readonly #options: GatheringOptions;
  readonly #nonce = randomUUID();
  #session = '';
  #offset = 0;
  #hasStarted = false;

  constructor(options: GatheringOptions) {
    this.#options = options;
  }

  /** True on the machine that runs `setup` and `teardown`. */
  get leads(): boolean {
    return this.#options.share.index === 0;
  }

  /** Milliseconds that this machine's clock is ahead of the meeting point's. */
  get clockOffset(): number {
    return this.#offset;
  }

  /** Waits for all machines. Throws a UserError where one does not come, or belongs to another run. */
  async gather(): Promise<void> {
    const { share, fingerprint } = this.#options;
    const hello: Hello = { nonce: this.#nonce, host: hostname(), fingerprint, count: share.count };
    await (this.leads ? this.#call(hello) : this.#answerCall(hello));
    this.#offset = await this.#options.point.clockOffset();
  }

  /** Gives the result of `setup` to the other machines, as JSON. */
  async giveData(data: string | undefined): Promise<void> {
    await this.#put('data', JSON.stringify({ data }));
  }

  /** Result of `setup` on share 1, as JSON. */
  async takeData(timeout: number): Promise<string | undefined> {
    const text = await this.#wait('setup() of share 1', timeout, () => this.#get('data'));
    return (JSON.parse(text) as { data?: string }).data;
  }

  /** Agrees on the common start. Returns its instant on this machine's clock. */
  async commonStart(): Promise<number> {
    const { share, clock, patience } = this.#options;
    await this.#put(`ready-${share.index}`, 'ready');
    if (this.leads) {
      await this.#waitForAll('to be ready', 'ready');
      const start: CommonStart = { at: wallTime(clock) + LEAD, ahead: this.#offset };
      await this.#put('start', JSON.stringify(start));
    }
    const text = await this.#wait('the common start', patience, () => this.#get('start'));
    const { at, ahead } = JSON.parse(text) as CommonStart;
    this.#hasStarted = true;
    return clock.now() + (at - ahead + this.#offset - wallTime(clock));
  }

  /** Tells that this machine's load is over. Share 1 waits for all, but no longer than `timeout`. */
  async end(timeout: number): Promise<void> {
    // Share 1 may have been stopped before.
    await this.#put(`ended-${this.#options.share.index}`, 'ended').catch(() => undefined);
    if (this.leads && timeout > 0) await this.#waitForAll('to end', 'ended', timeout);
  }

  /** Leaves the meeting point. Before the common start that ends the run on all machines. */
  async leave(): Promise<void> {
    const { point, share, clock } = this.#options;
    if (this.#session !== '' && !this.#hasStarted) {
      const reason = `share ${share.index + 1} on ${hostname()} ended before the load started`;
      await this.#put('failed', reason).catch(() => undefined);
      await sleep(clock, FAREWELL);
    }
    await point.close();
  }

  async #call(hello: Hello): Promise<void> {
    const { point, share, patience } = this.#options;
    this.#session = randomUUID();
    let called = '';
    const others = Array.from({ length: share.count - 1 }, (_, n) => n + 1);
    let missing = others;
    const answered = async () => {
      const hellos = await Promise.all(others.map((index) => read<Hello>(point, `hello-${index}`)));
      missing = others.filter((_, n) => hellos[n] === undefined);
      if (missing.length > 0) return undefined;
      const all = [hello, ...hellos.flatMap((found) => found ?? [])];
      const refusal = refusalOf(all);
      const call: Call = { session: this.#session, nonces: all.map(({ nonce }) => nonce), ...(refusal && { refusal }) };
      const text = JSON.stringify(call);
      if (text !== called) await point.put('call', text);
      called = text;
      if (refusal !== undefined) {
        // One that nobody answers to was left behind, and is not met again.
        await sleep(this.#options.clock, FAREWELL);
        for (const index of others) await point.put(`hello-${index}`, '');
        throw refused(refusal);
      }
      const acks = await Promise.all(others.map((index) => this.#get(`here-${index}`)));
      missing = others.filter((_, n) => acks[n] === undefined);
      return missing.length === 0 ? call : undefined;
    };
    await this.#wait(() => named(missing, share.count), patience, answered);
  }

  async #answerCall(hello: Hello): Promise<void> {
    const { point, share, patience } = this.#options;
    let introduced = false;
    const call = await this.#wait(`share 1 of ${share.count}`, patience, async () => {
      if (!introduced) await point.put(`hello-${share.index}`, JSON.stringify(hello));
      introduced = true;
      const mine = await read<Hello>(point, `hello-${share.index}`);
      // A meeting point that was opened anew has forgotten everybody.
      if (mine === undefined) introduced = false;
      else if (mine.nonce !== hello.nonce) {
        const taken = `share ${share.index + 1} of ${share.count} was taken by ${mine.host}`;
        throw configError('--share', taken, 'give each machine a share of its own');
      }
      const found = await read<Call>(point, 'call');
      return found?.nonces[share.index] === hello.nonce ? found : undefined;
    });
    if (call.refusal !== undefined) {
      await point.put(`hello-${share.index}`, '');
      throw refused(call.refusal);
    }
    this.#session = call.session;
    await this.#put(`here-${share.index}`, 'here');
  }

  async #waitForAll(why: string, name: string, timeout = this.#options.patience): Promise<void> {
    const { count } = this.#options.share;
    let left = Array.from({ length: count }, (_, index) => index);
    const check = async () => {
      const found = await Promise.all(left.map((index) => this.#get(`${name}-${index}`)));
      left = left.filter((_, n) => found[n] === undefined);
      return left.length === 0 ? true : undefined;
    };
    await this.#wait(() => `${named(left, count)} ${why}`, timeout, check);
  }

  /** Looks until there is something. Throws a UserError that names it when the time is up. */
  async #wait<Found>(
    what: string | (() => string),
    timeout: number,
    look: () => Promise<Found | undefined>,
  ): Promise<Found> {
    const { clock, signal, onWait } = this.#options;
    const name = () => (typeof what === 'string' ? what : what());
    const until = clock.now() + timeout;
    let told = clock.now() + 1000;
    let trouble = '';
    for (;;) {
      try {
        const found = await look();
        if (found !== undefined) return found;
        const failed = this.#session === '' ? undefined : await this.#get('failed');
        if (failed !== undefined) throw configError('--start-together', failed, 'its output says why');
        trouble = '';
      } catch (error) {
        if (error instanceof UserError) throw error;
        // Share 1 may not be there yet, or a network folder may be away for a moment.
        trouble = `: ${messageOf(error)}`;
      }
      if (clock.now() > told) {
        onWait(`waiting for ${name()}${trouble}`);
        told = clock.now() + 10_000;
      }
      if (clock.now() > until) {
        const seconds = Math.round(timeout / 1000);
        throw configError('--start-together', `waited ${seconds} s for ${name()}${trouble}`, 'start all shares');
      }
      await sleep(clock, PERIOD, signal);
    }
  }

  #put(name: string, text: string): Promise<void> {
    return this.#options.point.put(`${this.#session}-${name}`, text);
  }

  #get(name: string): Promise<string | undefined> {
    return this.#options.point.get(`${this.#session}-${name}`);
  }
}

function named(indexes: readonly number[], count: number): string {
  const shown = indexes.slice(0, 10).map((index) => index + 1);
  const more = indexes.length > shown.length ? ` and ${indexes.length - shown.length} more` : '';
  return `share${shown.length === 1 ? '' : 's'} ${shown.join(', ')}${more} of ${count}`;
}
