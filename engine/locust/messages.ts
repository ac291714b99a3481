import { createRequire } from 'node:module';
import { join } from 'node:path';
import { configError } from '../errors.js';

/** Message of a Locust master that a worker obeys. Others are ignored. */
export type MasterMessage =
  | { readonly type: 'ack'; readonly index: number | undefined }
  | { readonly type: 'spawn'; readonly spawn: Spawn }
  | { readonly type: 'heartbeat' | 'stop' | 'quit' | 'reconnect' };

/** Order of users for this worker, by class. */
export interface Spawn {
  /** Seconds since 1970. Orders that are not newer than the last are late repetitions. */
  readonly timestamp: number;
  readonly classes: Readonly<Record<string, number>>;
  /** URL of the server under test, where the master was given one. */
  readonly host: string | undefined;
  /** Milliseconds for running iterations to end when the test stops. */
  readonly grace: number;
}

/** Codec of the messages, `[type, data, node id]` in MessagePack. */
export interface Codec {
  encode(type: string, data: unknown, node: string): Uint8Array;
  /** Decodes a message. Undefined for one that a worker does not know. */
  decode(bytes: Uint8Array): MasterMessage | undefined;
}

/** Package of MessagePack. Few need it, and it has more than 2 MB. */
const PACKAGE = 'msgpackr';

/** Loads the codec, from the project in a folder or beside us. Throws a UserError where it is not installed. */
export function loadCodec(folder: string): Codec {
  const { Packr, Unpackr } = loadPackage(folder);
  // Maps keep their numbers as keys; Locust fails on texts.
  const packr = new Packr({ useRecords: false });
  const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true });
  return {
    encode: (type, data, node) => packr.pack([type, data, node]),
    decode(bytes) {
      try {
        const message: unknown = unpackr.unpack(bytes);
        return Array.isArray(message) ? read(message[0], message[1]) : undefined;
      } catch {
        return undefined;
      }
    },
  };
}

function loadPackage(folder: string): typeof import('msgpackr') {
  for (const place of [join(folder, 'package.json'), import.meta.url]) {
    try {
      return createRequire(place)(PACKAGE) as typeof import('msgpackr');
    } catch {
      // The next place may have it.
    }
  }
  throw configError('worker', `it needs the package ${PACKAGE}, which is not installed`, `npm install ${PACKAGE}`);
}

function read(type: unknown, data: unknown): MasterMessage | undefined {
  switch (type) {
    case 'heartbeat':
    case 'stop':
    case 'quit':
    case 'reconnect':
      return { type };
    case 'ack':
      return { type, index: numberIn(data, 'index') };
    case 'spawn': {
      const timestamp = numberIn(data, 'timestamp');
      const classes = fieldOf(data, 'user_classes_count');
      if (timestamp === undefined || typeof classes !== 'object' || classes === null) return undefined;
      const host = fieldOf(data, 'host');
      return {
        type,
        spawn: {
          timestamp,
          classes: Object.fromEntries(Object.entries(classes).map(([name, count]) => [name, Number(count) || 0])),
          host: typeof host === 'string' && host !== '' ? host : undefined,
          grace: 1000 * (numberIn(data, 'stop_timeout') ?? 0),
        },
      };
    }
  }
  return undefined;
}

function fieldOf(data: unknown, name: string): unknown {
  return typeof data === 'object' && data !== null ? (data as Readonly<Record<string, unknown>>)[name] : undefined;
}

function numberIn(data: unknown, name: string): number | undefined {
  const value = fieldOf(data, name);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
