import type * as api from '../../api/synthetic.js';
import { type LengthText, readLength } from '../../data/lengths.js';
import type { VuState } from '../vu-state.js';

/** `filler` and `drawTokens` of one VU. */
export function fillerFor(vu: VuState): Pick<typeof api, 'filler' | 'drawTokens'> {
  const { thread } = vu;
  let running: number | undefined;
  let made = 0;
  const draw = (what: string, length: LengthText) =>
    typeof length === 'number' && length === 0 ? 0 : readLength(what, length)(vu.random);
  return {
    filler(tokens, key) {
      if (key !== undefined && typeof key !== 'string') {
        throw new TypeError(`filler: expected a text as key, got ${JSON.stringify(key)}`);
      }
      const texts = thread.synthetics.textsOf(thread.options?.tokenizer);
      const length = draw('filler', tokens);
      if (key !== undefined) return texts.text(length, `key ${key}`);
      made = vu.iterationInTest === running ? made + 1 : 1;
      running = vu.iterationInTest;
      return texts.once(length, [vu.scenario, running ?? `user ${vu.id}`, made].join(' '));
    },
    drawTokens: (length) => draw('drawTokens', length),
  };
}
