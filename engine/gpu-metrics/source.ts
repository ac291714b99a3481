import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { Connection } from '../client/transport/connection.js';
import type { Transport } from '../client/transport/transport.js';
import type { Clock } from '../clock.js';
import type { CardReading } from '../metrics/gpu-record.js';
import { AMD_ARGUMENTS, readAmd } from './amd-smi.js';
import { readDcgm } from './dcgm.js';
import { nvidiaArguments, REASONS, readNvidia } from './nvidia-smi.js';

const call = promisify(execFile);

/** Longest look, in milliseconds. */
const TIMEOUT = 5000;

/** Cards at one instant. */
interface GpuReading {
  readonly cards: readonly CardReading[];
  readonly isProfiled: boolean;
}

/** Place at which cards are read. */
export interface GpuSource {
  /** Tool or URL. */
  readonly name: string;
  read(): Promise<GpuReading>;
  close(): void;
}

/** Tool of this machine that reads its cards. Undefined where it has none. */
export function localSource(path: string): GpuSource | undefined {
  const nvidia = findTool('nvidia-smi', path);
  if (nvidia !== undefined) return nvidiaSource(nvidia);
  const amd = findTool('amd-smi', path);
  if (amd === undefined) return undefined;
  return {
    name: 'amd-smi',
    read: async () => ({ cards: readAmd(await run(amd, AMD_ARGUMENTS)), isProfiled: false }),
    close: () => undefined,
  };
}

/** Page of a DCGM exporter. A URL without a path is that of its server. */
export function dcgmSource(url: string, transport: Transport, clock: Clock): GpuSource {
  const { origin, pathname, search } = new URL(url);
  const connection = new Connection(origin, transport, clock);
  const path = (pathname === '/' ? '/metrics' : pathname) + search;
  return {
    name: origin + path,
    async read() {
      const timeouts = { headersTimeout: TIMEOUT, bodyTimeout: TIMEOUT };
      const { status, text } = await connection.request({ method: 'GET', path, ...timeouts });
      if (status !== 200) throw new Error(`HTTP ${status}`);
      const page = readDcgm(text);
      if (!page) throw new Error('it has none of the DCGM exporter’s metrics');
      return page;
    },
    close: () => connection.close(),
  };
}

/** Source that runs nvidia-smi. It is asked with the fields that its version knows. */
function nvidiaSource(tool: string): GpuSource {
  let known: readonly (typeof REASONS)[number][] = REASONS;
  return {
    name: 'nvidia-smi',
    async read() {
      let failure: unknown;
      for (const reasons of known) {
        try {
          const cards = readNvidia(await run(tool, nvidiaArguments(reasons)));
          known = [reasons];
          return { cards, isProfiled: false };
        } catch (error) {
          failure = error;
        }
      }
      throw failure;
    },
    close: () => undefined,
  };
}

async function run(tool: string, given: readonly string[]): Promise<string> {
  const { stdout } = await call(tool, [...given], { timeout: TIMEOUT, maxBuffer: 16 * 2 ** 20 });
  return stdout;
}

/** Path of an executable; undefined where no folder has it. */
function findTool(tool: string, path: string): string | undefined {
  const places = path.split(delimiter).flatMap((folder) => (folder === '' ? [] : [join(folder, tool)]));
  return places.find((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
