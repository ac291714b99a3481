import assert from 'node:assert/strict';
import { createSimulator, type Simulator } from '../../../engine/simulator/index.js';
import { send } from './chat.js';

export const FAST = 'sim-ttft2-itl0.5-len6';
export const MESSAGES = [{ role: 'user', content: 'What makes a good habit?' }];
export const PARAMETERS = { type: 'object', properties: { city: { type: 'string' } } };
export const NESTED = [{ type: 'function', function: { name: 'weather', parameters: PARAMETERS } }];

export type Json = Record<string, never> & {
  readonly type?: string;
  readonly delta?: Record<string, string>;
  readonly written_at: number;
};

/** Returns functions that ask a simulator, which runs while the suite does. */
export function simulatorClient() {
  let simulator: Simulator;

  before(async () => {
    simulator = await createSimulator({ stepCost: () => 1 });
  });

  after(() => simulator.close());

  async function post(path: string, body: object) {
    const { status, text, headers } = await send('POST', simulator.url + path, JSON.stringify(body), {});
    return { status, text, type: String(headers['content-type']) };
  }

  /** The JSON of an answer in one piece. */
  async function whole(path: string, body: object) {
    const { status, text, type } = await post(path, { stream: false, ...body });
    assert.deepEqual([status, type], [200, 'application/json'], text);
    return JSON.parse(text);
  }

  /** Events of a stream, each with its instant of writing. */
  async function events(path: string, body: object): Promise<readonly Json[]> {
    const { status, text } = await post(path, { stream: true, ...body });
    assert.equal(status, 200, text);
    const found = text.split('\n').flatMap((line) => /^(?:data: )?(\{.*)$/.exec(line)?.[1] ?? []);
    const parsed = found.map((json) => JSON.parse(json) as Json);
    const written = parsed.map((event) => event.written_at);
    assert.ok(written.every((at, i) => at > 0 && at >= (written[i - 1] ?? 0)));
    return parsed;
  }

  return { post, whole, events, get: async (path: string) => (await send('GET', simulator.url + path, '', {})).text };
}
