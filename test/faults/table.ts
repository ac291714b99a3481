import type { Fault } from './fault.js';
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
