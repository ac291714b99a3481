/** Values that a scenario can import from 'tokenswarm'. */
export const API_NAMES: readonly string[] = [
  ...['anthropic', 'chat', 'complete', 'embed', 'gemini', 'ollama', 'responses', 'tgi', 'http'],
  ...['Counter', 'Gauge', 'Rate', 'Trend', 'SharedArray', 'open', 'dataset', 'synthetic', 'traceRow', 'conversation'],
  ...['session', 'replay', 'filler', 'drawTokens'],
  ...['abort', 'check', 'env', 'exec', 'fail', 'group', 'peakUsers', 'random', 'randomSeed', 'sleep'],
  ...['reports', 'textSummary'],
];

/** Remark on a ReferenceError for a name that was not imported. Empty for other messages. */
export function missingImport(message: string): string {
  const [, name = ''] = /^(\w+) is not defined$/.exec(message) ?? [];
  return API_NAMES.includes(name) ? `: add import { ${name} } from 'tokenswarm'` : '';
}
