import { configError } from '../../errors.js';
import { alternatives, type Demand, type MemoryUse, type WeightPrecision } from '../../hardware/index.js';

/** Quantization method of vLLM for each weight precision. */
const METHODS: Readonly<Record<Exclude<WeightPrecision, 'bf16'>, string>> = { fp8: 'fp8', int8: 'int8', int4: 'awq' };

/** Throws a UserError for a model that does not fit, with remedies. */
export function throwMemoryError(demand: Demand, memory: MemoryUse): never {
  const { deployment, utilization, maxLength } = demand;
  const { card, model, tensorParallel } = deployment;
  const on = `${tensorParallel} × ${card.name}`;
  const room = `${gb(memory.usable)} may be used (${utilization} of ${card.memory} GB)`;
  const message =
    memory.kvCache <= 0
      ? `${model.name} does not fit on ${on}: its weights take ${gb(memory.weights)} of each card and the engine ` +
        `${gb(memory.overhead)}, and ${room}`
      : `${model.name} on ${on} has room for ${memory.kvTokens} tokens in its KV cache ` +
        `(${gb(memory.kvCache)} of each card), fewer than one sequence of ${maxLength} may have`;
  throw configError('--card', message, whatWould(demand));
}

function whatWould(demand: Demand): string {
  const { tensorParallel, weights, kv, cards, maxLength } = alternatives(demand);
  const ways = [
    // Shorter sequences are of no use.
    ...(maxLength >= 256 ? [`--max-model-len ${maxLength}`] : []),
    ...(tensorParallel === undefined ? [] : [`--tensor-parallel-size ${tensorParallel}`]),
    ...(weights === undefined || weights === 'bf16' ? [] : [`--quantization ${METHODS[weights]}`]),
    ...(kv ? ['--kv-cache-dtype fp8'] : []),
    ...(cards.length === 0 ? [] : [`--card ${cards.map(({ slug }) => slug).join(' | ')}`]),
  ];
  return ways.length === 0 ? 'take a smaller model' : `it would fit with ${ways.join(', or ')}`;
}

/** `14.2 GB`. */
function gb(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
