import { GOOD } from '../support/misbehaving-server.js';
import type { Fault, FaultOf } from './fault.js';
import { bytes } from './fault.js';
import { FLOODS } from './floods.js';
import { FRAMING_FAULTS } from './framing.js';
import { HEAD_FAULTS } from './heads.js';
import { PACKED_FAULTS } from './packed.js';
import { REFUSALS } from './refusals.js';
import { SOCKET_FAULTS } from './sockets.js';
import { STREAM_FAULTS } from './streams.js';
import { VALUE_FAULTS } from './values.js';

/** Faults of a server over HTTP/1.1 in the clear, by theme. */
export const FAULTS: Readonly<Record<string, readonly Fault[]>> = {
  'a socket': SOCKET_FAULTS,
  'a head': HEAD_FAULTS,
  'the framing of a body': FRAMING_FAULTS,
  'a compressed body': PACKED_FAULTS,
  'an event stream': STREAM_FAULTS,
  'a value': VALUE_FAULTS,
  'a refusal': REFUSALS,
  'a flood': FLOODS,
};

/** Row that is none. Asked for after each of the others. */
export const SOUND: Fault = { name: 'sound', act: bytes(GOOD), kind: 'success' };

/** Server that acts the row whose name is the request's model. */
export function actorOf<Call extends { readonly body: string }>(table: readonly FaultOf<Call>[]): (call: Call) => void {
  const rows = new Map(table.map((fault) => [fault.name, fault]));
  return (call) => {
    const { model } = JSON.parse(call.body) as { readonly model: string };
    rows.get(model)?.act(call);
  };
}
