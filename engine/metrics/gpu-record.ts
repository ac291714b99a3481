/** Reading of one card. Null where its tool does not tell. */
export interface CardReading {
  readonly name: string;
  /** Watts. */
  readonly power: number | null;
  /** Joules since the driver started. */
  readonly energy: number | null;
  /** Share of time in which it computed, 0 to 1. */
  readonly activity: number | null;
  /** Share of time in which its memory was used. Of its bandwidth where profiled. */
  readonly memoryActivity: number | null;
  /** Bytes. */
  readonly memoryUsed: number | null;
  readonly memoryTotal: number | null;
  /** Clock of the cores, in MHz. */
  readonly clock: number | null;
  /** Degrees Celsius. */
  readonly temperature: number | null;
  /** True where power or heat slows it down. */
  readonly isThrottled: boolean;
}

/** A look at all cards. Null where no card tells. */
export interface GpuPoint {
  /** Seconds since the load started. */
  readonly at: number;
  /** Watts of all cards. */
  readonly power: number | null;
  /** Joules of all cards, since the drivers started. */
  readonly energy: number | null;
  /** Means over the cards, 0 to 1. */
  readonly activity: number | null;
  readonly memoryActivity: number | null;
  /** Bytes of all cards. */
  readonly memoryUsed: number | null;
  /** Mean clock, in MHz. */
  readonly clock: number | null;
  /** The hottest card, in degrees Celsius. */
  readonly temperature: number | null;
  /** Number of cards that power or heat slows down. */
  readonly throttled: number;
}

/** The cards behind the servers. */
export interface GpuInfo {
  /** Tool or URL that was read: `nvidia-smi`. */
  readonly source: string;
  /** Names of the cards. */
  readonly cards: readonly string[];
  /** Memory of all cards, in bytes. */
  readonly memoryTotal: number | null;
  /** True where activities are of hardware counters. Those of multiprocessors and memory bandwidth. */
  readonly isProfiled: boolean;
}

/** The cards at the last look. Its point is null where that failed. */
export interface GpuState extends GpuInfo {
  readonly point: GpuPoint | null;
}

/** Power and energy of the cards in the headline window. */
export interface GpuUse {
  /** Mean power, in watts. */
  readonly power: number;
  /** Joules in the window. */
  readonly energy: number;
  /** Joules for each output token that arrived in it. Null without any. */
  readonly joulesPerToken: number | null;
  /** Output tokens a second for each watt. The same as tokens for each joule. */
  readonly tokensPerJoule: number | null;
}

/** The cards over the whole run. */
export interface GpuRecord extends GpuInfo {
  /** Null where the window has fewer than two looks at the power. */
  readonly use: GpuUse | null;
  readonly points: readonly GpuPoint[];
}
