import type { OnLoadResult, Plugin } from 'esbuild';
import { messageOf } from '../../errors.js';
import { lazily } from '../../lazy-require.js';
import { keepCached, type RemoteScript, readCached } from './remote-cache.js';

const undici = lazily<typeof import('undici')>('undici');

/** Namespace of scripts from the network. Their paths are their addresses. */
export const REMOTE = 'url';

/** Limits of one script, in milliseconds and bytes. */
const PATIENCE = 30_000;
const LARGEST = 10 * 2 ** 20;

const BESIDE = 'save the script beside the scenario, or install its npm package, and import that';

/** Loads scripts that are imported by address, once. `offline`: only those fetched before. */
export function remoteScripts(offline: boolean): Plugin {
  return {
    name: 'remote',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^https?:/ }, ({ path }) => ({ path, namespace: REMOTE }));
      // Within such a script, paths are relative to its address.
      onResolve({ filter: /^\.{0,2}\//, namespace: REMOTE }, ({ path, importer, pluginData }) => ({
        path: new URL(path, (pluginData as string | undefined) ?? importer).href,
        namespace: REMOTE,
      }));
      onLoad({ filter: /.*/, namespace: REMOTE }, async ({ path }): Promise<OnLoadResult> => {
        try {
          const { url, text } = await scriptAt(path, offline);
          return { contents: text, loader: loaderFor(url), pluginData: url };
        } catch (error) {
          return { errors: [{ text: `${path} cannot be imported: ${messageOf(error)}` }] };
        }
      });
    },
  };
}

function loaderFor(url: string): 'ts' | 'json' | 'js' {
  const { pathname } = new URL(url);
  if (pathname.endsWith('.ts')) return 'ts';
  return pathname.endsWith('.json') ? 'json' : 'js';
}

/** Script at an address, from the cache or the network. */
async function scriptAt(address: string, offline: boolean): Promise<RemoteScript> {
  const known = await readCached(address);
  if (known) return known;
  if (offline) throw new Error('it was never fetched, and --offline fetches nothing: run it once without');
  const script = await fetchScript(address);
  await keepCached(address, script);
  return script;
}

async function fetchScript(address: string): Promise<RemoteScript> {
  refuseUnsafe(address);
  const { fetch, EnvHttpProxyAgent } = undici();
  // The proxies of the environment, as for the load.
  const request = { dispatcher: new EnvHttpProxyAgent(), signal: AbortSignal.timeout(PATIENCE) };
  const answer = await fetch(address, request).catch((error: unknown) => {
    const { cause } = error as { readonly cause?: unknown };
    throw new Error(`${messageOf(cause ?? error)}; without a network, ${BESIDE}`);
  });
  refuseUnsafe(answer.url);
  if (!answer.ok) throw new Error(`its server answered ${answer.status} ${answer.statusText}: check the address`);
  if (/^text\/html\b/.test(answer.headers.get('content-type') ?? '')) {
    throw new Error('it is a page, no script: give the address of the file itself, as behind Raw on GitHub');
  }
  const text = await answer.text();
  if (text.length > LARGEST) throw new Error(`it has ${text.length} bytes, at most ${LARGEST} are taken: ${BESIDE}`);
  return { url: answer.url, text };
}

/** Refuses an address whose script could be changed on its way. */
function refuseUnsafe(address: string): void {
  const { protocol, hostname } = new URL(address);
  const isLocal = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
  if (protocol === 'https:' || isLocal) return;
  throw new Error(`${address} is plain HTTP, which can be changed on its way: give an https address`);
}
