import { isAbsolute, resolve } from 'node:path';
import type * as api from '../../api/synthetic.js';
import { checkFields } from '../../schema.js';
import type { VuState } from '../vu-state.js';

const OPTIONS = ['input', 'output', 'sharedPrefix', 'ignoreEos', 'tokenizer'];

/** `synthetic` of one VU. */
export function syntheticFor(vu: VuState): typeof api.synthetic {
  const { thread } = vu;
  return (options) => {
    if (vu.stage !== 'init') throw new Error('synthetic() belongs at the top of the scenario file');
    checkOptions(options);
    const { tokenizer: own, ignoreEos = false } = options;
    const tokenizer = own === undefined || isAbsolute(own) ? own : resolve(thread.folder, own);
    const drawn = thread.synthetics.open(
      options,
      tokenizer ?? thread.options?.tokenizer,
      thread.options !== undefined,
      {
        vu: Math.max(0, vu.id - 1),
        vus: Math.max(1, thread.vus),
        scenario: vu.scenario,
        iteration: () => vu.iterationInTest,
      },
    );
    const extra = ignoreEos ? { extraBody: { ignore_eos: true } } : {};
    const messagesOf = (text: string) => [{ role: 'user' as const, content: text }];
    return {
      exact: drawn.exact,
      next: () => messagesOf(drawn.draw().text),
      draw() {
        const { text, maxTokens } = drawn.draw();
        return { messages: messagesOf(text), maxTokens, ...extra };
      },
      drawText() {
        const { text, maxTokens } = drawn.draw();
        return { prompt: text, maxTokens, ...extra };
      },
      drawIds() {
        const { ids, maxTokens } = drawn.draw();
        return { prompt: [...ids], maxTokens, ...extra };
      },
    };
  };
}

/** Validates the options of synthetic prompts. Throws a TypeError with the expected values. */
function checkOptions(options: api.SyntheticOptions): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`synthetic: expected an object such as { input: 512 }, got ${JSON.stringify(options)}`);
  }
  checkFields('synthetic', options, OPTIONS);
  const { ignoreEos, tokenizer } = options;
  if (ignoreEos !== undefined && typeof ignoreEos !== 'boolean') {
    throw new TypeError(`synthetic: ignoreEos: expected true or false, got ${JSON.stringify(ignoreEos)}`);
  }
  if (tokenizer !== undefined && typeof tokenizer !== 'string') {
    throw new TypeError(`synthetic: tokenizer: expected a path, got ${JSON.stringify(tokenizer)}`);
  }
}
