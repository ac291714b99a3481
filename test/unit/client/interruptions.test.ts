import assert from 'node:assert/strict';
import fc from 'fast-check';
import { InterruptionWatch } from '../../../engine/client/interruptions.js';

describe('the end of a run', () => {
  it('stops exactly the requests in flight', () => {
    const step = fc.record({ ends: fc.boolean(), which: fc.nat(20) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const controller = new AbortController();
        const stopped: number[] = [];
        const inFlight = new Map<number, InterruptionWatch>();
        steps.forEach(({ ends, which }, request) => {
          const ended = [...inFlight.keys()][which];
          if (ends && ended !== undefined) {
            inFlight.get(ended)?.end();
            // A second end is none of another request.
            inFlight.get(ended)?.end();
            inFlight.delete(ended);
          } else {
            const stop = () => void stopped.push(request);
            inFlight.set(request, new InterruptionWatch({ signal: controller.signal }, { stop }));
          }
        });
        controller.abort();
        assert.deepEqual(stopped.sort(), [...inFlight.keys()].sort());
      }),
    );
  });
});
