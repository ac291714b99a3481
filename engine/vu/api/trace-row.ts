import type { Api } from '../../api/index.js';
import { tracedRow } from '../../data/traced-row.js';
import type { VuState } from '../vu-state.js';

/** `traceRow` of one VU. */
export function traceRowFor(vu: VuState): Api['traceRow'] {
  const { thread, plan } = vu;
  const trace = plan?.load.trace;
  // Loaded now, since scanning a tokenizer takes longer than an iteration may wait.
  const words = trace ? thread.synthetics.wordsOf(thread.options?.tokenizer).words : [];
  return () => {
    if (!trace) throw new Error("traceRow() is for the iterations of a scenario of the executor 'trace'");
    return tracedRow(trace.rows, trace.first + (vu.iterationInTest ?? 0), words);
  };
}
