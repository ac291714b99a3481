import assert from 'node:assert/strict';
import { preflight } from '../../../engine/client/preflight.js';
import type { ProtocolName } from '../../../engine/client/protocols/index.js';
import { Transport } from '../../../engine/client/transport/transport.js';
import { systemClock } from '../../../engine/clock.js';
import { ExitCode, UserError } from '../../../engine/errors.js';
import { plain } from '../../support/misbehaving-server.js';

type Settings = Parameters<typeof preflight>[0];

/** Runs the preflight of a server. */
export const check = (settings: Settings, protocol?: ProtocolName) =>
  preflight(settings, new Transport(), systemClock, protocol);
export const json = (status: number, body: unknown) => plain(status, 'application/json', JSON.stringify(body));
export const models = (...ids: string[]) =>
  json(200, { object: 'list', data: ids.map((id) => ({ id, owned_by: 'vllm' })) });

/** Rejects as a UserError with exit code 104, which says so. */
export async function refuses(checked: Promise<unknown>, message: RegExp, hint: RegExp): Promise<void> {
  await assert.rejects(checked, (error) => {
    assert.ok(error instanceof UserError, String(error));
    assert.equal(error.exitCode, ExitCode.invalidConfig);
    assert.match(error.message, message);
    assert.match(error.hint ?? '', hint);
    return true;
  });
}
