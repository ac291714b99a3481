import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { has } from '../cores.js';
import type { StreamClient } from './client.js';

/** Program of vLLM's own client, `vllm/vllm-rs` in its wheel. */
const VLLM_RS = process.env.VLLM_RS ?? 'vllm-rs';

/** Release that was measured. */
const RELEASE = '0.33.0';

/** Tokenizer that it wants for prompts of one word. */
const TOKENIZER = {
  version: '1.0',
  added_tokens: [],
  pre_tokenizer: { type: 'Whitespace' },
  model: { type: 'WordLevel', vocab: { hi: 0, '[UNK]': 1 }, unk_token: '[UNK]' },
};

/** Duration of a request, from the model's name: `bench-ttft50-itl20-len50`. */
function lengthOf(model: string): { readonly tokens: number; readonly ms: number } {
  const [, ttft, itl, tokens] = (/ttft(\d+)-itl(\d+)-len(\d+)/.exec(model) ?? []).map(Number);
  if (ttft === undefined || itl === undefined || tokens === undefined) throw new Error(`no times in ${model}`);
  return { tokens, ms: ttft + itl * (tokens - 1) };
}

/** `vllm-rs bench serve`, on one thread. */
export const rustClient: StreamClient = {
  name: 'vllm-rs',
  missing: () =>
    has(VLLM_RS)
      ? undefined
      : `set VLLM_RS to vllm/vllm-rs from the wheel of vllm==${RELEASE} (pip download --no-deps)`,
  command({ port, streams, spread, hold, model }, folder) {
    const { tokens, ms } = lengthOf(model);
    const prompts = join(folder, 'prompts.jsonl');
    const tokenizer = join(folder, 'tokenizer');
    mkdirSync(tokenizer);
    writeFileSync(join(tokenizer, 'tokenizer.json'), JSON.stringify(TOKENIZER));
    writeFileSync(join(tokenizer, 'tokenizer_config.json'), '{"tokenizer_class":"PreTrainedTokenizerFast"}');
    const requests = streams * Math.max(1, Math.round((spread + hold) / ms));
    writeFileSync(prompts, '{"prompt": "hi"}\n'.repeat(requests));
    return [
      ...['env', 'TOKIO_WORKER_THREADS=1', 'RAYON_NUM_THREADS=1', 'RUST_LOG=error', VLLM_RS, 'bench', 'serve'],
      ...['--backend', 'openai-chat', '--base-url', `http://127.0.0.1:${port}`, '--model', model],
      ...['--tokenizer', tokenizer, '--skip-chat-template', '--dataset-name', 'custom', '--dataset-path', prompts],
      ...['--custom-output-len', String(tokens), '--num-prompts', String(requests)],
      // It has no ramp: requests come evenly, a little faster than they end.
      ...['--max-concurrency', String(streams), '--request-rate', String((1.25 * streams * 1000) / ms)],
      ...['--burstiness', '100', '--disable-tqdm', '--save-result', '--result-dir', folder],
      ...['--result-filename', 'result.json'],
    ];
  },
  read(_, folder) {
    const result: { readonly mean_ttft_ms: number; readonly p99_ttft_ms: number } = JSON.parse(
      readFileSync(join(folder, 'result.json'), 'utf8'),
    );
    return { ttft: { mean: result.mean_ttft_ms, p99: result.p99_ttft_ms } };
  },
};
