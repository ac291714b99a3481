import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Script from the network. */
export interface RemoteScript {
  /** Address after all redirects. */
  readonly url: string;
  readonly text: string;
}

/** Folder of scripts from the network. */
function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tokenswarm', 'scripts');
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function placeOf(url: string): string {
  return join(cacheFolder(), `${hashOf(url)}.json`);
}

/** Script that was fetched before. Undefined where it was not, or is no longer what was fetched. */
export async function readCached(url: string): Promise<RemoteScript | undefined> {
  try {
    const { url: found, text, sha256 } = JSON.parse(await readFile(placeOf(url), 'utf8')) as Record<string, unknown>;
    if (typeof found !== 'string' || typeof text !== 'string' || sha256 !== hashOf(text)) return undefined;
    return { url: found, text };
  } catch {
    return undefined;
  }
}

/** Keeps a script with its SHA-256. A cache that cannot be written is done without. */
export async function keepCached(asked: string, { url, text }: RemoteScript): Promise<void> {
  const place = placeOf(asked);
  const own = `${place}.${process.pid}`;
  try {
    await mkdir(cacheFolder(), { recursive: true });
    await writeFile(own, `${JSON.stringify({ asked, url, sha256: hashOf(text), text })}\n`);
    await rename(own, place);
  } catch {
    // The next run fetches it again.
  }
}
