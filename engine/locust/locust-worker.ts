import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type Clock, every } from '../clock.js';
import type { Codec, MasterMessage, Spawn } from './messages.js';
import type { StatsReport } from './stats-report.js';
import { Dealer } from './zmtp.js';

/** Load of one test, as the master orders it. */
export interface Load {
  /** Sets the number of running users. */
  scale(users: number): void;
  /** Stops it, after `grace` milliseconds for running iterations. Resolves when all is recorded. */
  stop(grace: number): Promise<void>;
  /** Takes what was added since the last report. No statistics before the load. */
  report(): {
    readonly stats: StatsReport | undefined;
    readonly exceptions: readonly { readonly msg: string; readonly traceback: string }[];
  };
  /** CPU of the busiest thread in percent, memory in bytes. */
  readonly health: { readonly cpu: number; readonly memory: number };
}

/** Parts of a Locust worker that its command gives. */
export interface WorkerSetup {
  readonly master: { readonly host: string; readonly port: number };
  readonly codec: Codec;
  readonly clock: Clock;
  /** Starts the load of a test. */
  readonly start: (users: number, spawn: Spawn) => Load;
  readonly tell: (text: string) => void;
}

/** Intervals of a Locust worker, in milliseconds. */
const HEARTBEAT = 1000;
const REPORT = 3000;

/** Milliseconds without a heartbeat after which the master is gone. */
const MASTER_SILENCE = 60_000;

/** Milliseconds for the master's answer to a worker's first message. */
const ANSWER = 5000;

/** Milliseconds for a returned master to order the load anew. */
const REORDER = 10_000;

/** Tells a master that the version is not to be compared. */
const ANY_VERSION = -1;

type State = 'ready' | 'spawning' | 'running' | 'stopped';

/**
 * Worker of a stock Locust master. It sends the messages of Locust's own workers
 * (https://docs.locust.io/en/stable/running-distributed.html), and starts, scales and stops the load as it is told.
 */
export class LocustWorker {
  /** Resolves at the end, with the reason where it is an error. */
  readonly ended: Promise<string | undefined>;
  readonly #setup: WorkerSetup;
  readonly #id = `${hostname()}_${randomUUID().replaceAll('-', '')}`;
  readonly #dealer: Dealer;
  /** Cancels what waits for a time. */
  readonly #stops: (() => void)[];
  #end: (error?: string) => void = () => undefined;
  #state: State = 'ready';
  #load: Load | undefined;
  /** Resolves when the last test has stopped. */
  #stopped: Promise<void> = Promise.resolve();
  #classes: Spawn['classes'] = {};
  #lastSpawn = 0;
  #grace = 0;
  #isAccepted = false;
  /** Instant of the master's last heartbeat; undefined for one that sends none. */
  #heard: number | undefined;

  constructor(setup: WorkerSetup) {
    const { master, clock, tell } = setup;
    const place = `${master.host}:${master.port}`;
    this.#setup = setup;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#dealer = new Dealer(
      master,
      this.#id,
      {
        onOpen: () => this.#introduce(),
        onMessage: (body) => void this.#obey(setup.codec.decode(body)),
        onLost: (why) => tell(`waiting for a Locust master at ${place} (${why})`),
        onForeign: (what) => void this.#leave(`${place} is no Locust master: ${what}`),
      },
      clock,
    );
    this.#stops = [every(clock, HEARTBEAT, () => this.#beat()), every(clock, REPORT, () => this.#report())];
  }

  /** Stops the load, says goodbye, and ends. With an error where it is one. */
  async #leave(error?: string): Promise<void> {
    for (const stop of this.#stops) stop();
    // The master waits for half a second only.
    this.#report();
    await this.#stopLoad(0);
    this.#send('quit', null);
    this.#dealer.close();
    this.#end(error);
  }

  /** Leaves as if the master had said so. */
  quit(): Promise<void> {
    return this.#leave();
  }

  get #users(): number {
    return Object.values(this.#classes).reduce((sum, count) => sum + count, 0);
  }

  #introduce(): void {
    this.#send('client_ready', ANY_VERSION);
    const { tell } = this.#setup;
    this.#later(ANSWER, () => {
      if (!this.#isAccepted) tell('the master has not answered yet; its log may say why');
    });
    const [load, lastSpawn] = [this.#load, this.#lastSpawn];
    if (!load) return;
    // Another master than before has no test, and would never end this one.
    this.#later(REORDER, async () => {
      if (this.#load !== load || this.#lastSpawn !== lastSpawn) return;
      tell('the master has come back without this test, which ends here');
      await this.#stopLoad(undefined);
      this.#state = 'ready';
    });
  }

  #later(ms: number, act: () => void): void {
    this.#stops.push(this.#setup.clock.after(ms, act));
  }

  #send(type: string, data: unknown): void {
    this.#dealer.send(this.#setup.codec.encode(type, data, this.#id));
  }

  #beat(): void {
    const { cpu, memory } = this.#load?.health ?? { cpu: 0, memory: process.memoryUsage.rss() };
    this.#send('heartbeat', { state: this.#state, current_cpu_usage: cpu, current_memory_usage: memory });
    const silence = this.#heard === undefined ? 0 : this.#setup.clock.now() - this.#heard;
    if (silence > MASTER_SILENCE) void this.#leave('the master has sent no heartbeat for 60 s');
  }

  #report(): void {
    if (!this.#load) return;
    const { stats, exceptions } = this.#load.report();
    if (stats) this.#send('stats', { ...stats, user_classes_count: this.#classes, user_count: this.#users });
    for (const exception of exceptions) this.#send('exception', exception);
  }

  async #obey(message: MasterMessage | undefined): Promise<void> {
    switch (message?.type) {
      case 'ack':
        if (!this.#isAccepted) this.#setup.tell(`the master has accepted this worker (number ${message.index ?? '?'})`);
        this.#isAccepted = true;
        return;
      case 'heartbeat':
        this.#heard = this.#setup.clock.now();
        return;
      case 'spawn':
        this.#isAccepted = true;
        await this.#stopped;
        return this.#spawn(message.spawn);
      case 'stop':
        this.#stopped = this.#stopLoad(undefined);
        await this.#stopped;
        this.#send('client_stopped', null);
        this.#send('client_ready', ANY_VERSION);
        this.#state = 'ready';
        return;
      case 'quit':
        return this.#leave();
      case 'reconnect':
        this.#dealer.reconnect();
    }
  }

  #spawn(spawn: Spawn): void {
    if (spawn.timestamp <= this.#lastSpawn) return;
    this.#lastSpawn = spawn.timestamp;
    this.#grace = spawn.grace;
    this.#classes = spawn.classes;
    this.#state = 'spawning';
    this.#send('spawning', null);
    if (this.#load) this.#load.scale(this.#users);
    else this.#load = this.#setup.start(this.#users, spawn);
    this.#state = 'running';
    this.#send('spawning_complete', { user_classes_count: this.#classes, user_count: this.#users });
  }

  async #stopLoad(grace: number | undefined): Promise<void> {
    const load = this.#load;
    if (!load) return;
    await load.stop(grace ?? this.#grace);
    this.#classes = Object.fromEntries(Object.keys(this.#classes).map((name) => [name, 0]));
    this.#report();
    this.#load = undefined;
    this.#state = 'stopped';
  }
}
