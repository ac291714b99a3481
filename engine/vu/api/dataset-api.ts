import { isAbsolute, resolve } from 'node:path';
import type * as api from '../../api/data.js';
import { FORMATS } from '../../data/container.js';
import { isEncoding } from '../../data/encoding.js';
import { didYouMean } from '../../errors.js';
import { checkFields } from '../../schema.js';
import type { VuState } from '../vu-state.js';

/** `dataset` of one VU. */
export function datasetFor(vu: VuState): typeof api.dataset {
  const { thread } = vu;
  return (path, options = {}) => {
    if (vu.stage !== 'init') throw new Error('dataset() belongs at the top of the scenario file');
    if (typeof path !== 'string') throw new TypeError(`dataset: expected a path, got ${JSON.stringify(path)}`);
    checkOptions(options);
    const file = isAbsolute(path) ? path : resolve(thread.folder, path);
    const { tokenizer: own } = options;
    const tokenizer = own === undefined || isAbsolute(own) ? own : resolve(thread.folder, own);
    const drawn = thread.datasets.open(
      file,
      { ...options, tokenizer },
      {
        vu: Math.max(0, vu.id - 1),
        vus: Math.max(1, thread.vus),
        scenario: vu.scenario,
        iteration: () => vu.iterationInTest,
      },
    );
    return { ...drawn, row: <Row>() => drawn.row() as Row };
  };
}

const OPTIONS = ['format', 'encoding', 'sample', 'filter', 'cacheSalt', 'tokenizer'];
const LIMITS = ['minTokens', 'maxTokens'] as const;

/** Validates the options of a data set. Throws a TypeError with the expected values. */
function checkOptions(options: api.DatasetOptions): void {
  checkFields('dataset', options, OPTIONS);
  const { format, encoding, sample, filter, cacheSalt, tokenizer } = options;
  if (format !== undefined && !FORMATS.includes(format)) {
    throw new TypeError(
      `dataset: there is no format ${JSON.stringify(format)}${didYouMean(format, FORMATS)}; there are ${FORMATS.join(', ')}`,
    );
  }
  if (encoding !== undefined && (typeof encoding !== 'string' || !isEncoding(encoding))) {
    throw wrong('encoding', 'the name of one, such as gb18030, shift_jis or windows-1252', encoding);
  }
  if (sample !== undefined && !isCount(sample, 1)) throw wrong('sample', 'a whole number from 1', sample);
  if (cacheSalt !== undefined && typeof cacheSalt !== 'boolean') throw wrong('cacheSalt', 'true or false', cacheSalt);
  if (tokenizer !== undefined && typeof tokenizer !== 'string') throw wrong('tokenizer', 'a path', tokenizer);
  if (filter === undefined) return;
  checkFields("dataset's filter", filter, LIMITS);
  for (const limit of LIMITS) {
    const tokens = filter[limit];
    if (tokens !== undefined && !isCount(tokens, 0)) throw wrong(`filter.${limit}`, 'a whole number from 0', tokens);
  }
  const { minTokens = 0, maxTokens = Number.POSITIVE_INFINITY } = filter;
  if (minTokens > maxTokens) throw new TypeError('dataset: filter.minTokens is larger than filter.maxTokens');
}

function isCount(value: unknown, least: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= least;
}

function wrong(what: string, expected: string, got: unknown): TypeError {
  return new TypeError(`dataset: ${what}: expected ${expected}, got ${JSON.stringify(got)}`);
}
