import { textsOf } from '../text/chunks.js';
import { count, flag, invalid, isRecord, readBody, readSampling, text } from './request-fields.js';
import type { Encoding, Protocol, Reply } from './simulated-protocol.js';

/** Hugging Face TGI's own API. The path says whether to stream. */
export const tgiGenerate: Protocol = {
  path: /^\/generate(?:_stream)?$/,
  read(given, { path, model }) {
    const body = readBody(given);
    const parameters = body.parameters ?? {};
    if (!isRecord(parameters)) throw invalid('parameters', 'must be an object', parameters);
    const { seed, stop, ignore_eos } = parameters;
    const sampling = readSampling({ model, seed, stop, ignore_eos, stream: path.endsWith('_stream') });
    const details = flag(parameters, 'details', 'parameters.details');
    return {
      ...sampling,
      prompt: text(body, 'inputs'),
      maxTokens: count(parameters, 'max_new_tokens', 'parameters.max_new_tokens'),
      encode: (reply) => encodingOf(reply, sampling.stream || details),
    };
  },
  refusal: ({ message }) => ({ error: message, error_type: 'validation' }),
};

function encodingOf({ promptTokens, answer }: Reply, hasDetails: boolean): Encoding {
  const tokens = answer.content();
  const reason = answer.finishReason === 'length' ? 'length' : 'eos_token';
  const whole = () => JSON.stringify(textsOf(answer).content);
  const details = hasDetails
    ? `,"details":{"finish_reason":"${reason}","generated_tokens":${answer.completionTokens},"input_length":${promptTokens}}`
    : '';
  return {
    step(index, writtenAt) {
      const last = index + 1 === answer.steps;
      const token = tokens.next().value;
      const end = last ? `"generated_text":${whole()}${details}` : '"generated_text":null,"details":null';
      const special = token ? '' : ',"special":true';
      return (
        `data:{"index":${index + 1},"token":{"id":${index},"text":${token?.json ?? '"</s>"'},"logprob":0` +
        `${special || ',"special":false'}},${end},"written_at":${writtenAt}}\n\n`
      );
    },
    whole: (writtenAt) => `{"generated_text":${whole()}${details},"written_at":${writtenAt}}`,
  };
}
