import { textsOf, tokensOfAnswer } from '../text/chunks.js';
import { contentText, conversationText } from '../text/conversation-text.js';
import { count, invalid, isRecord, readBody, readSampling } from './request-fields.js';
import { responseItems } from './response-items.js';
import type { Encoding, Protocol, Reply } from './simulated-protocol.js';
import { readCalling } from './tools.js';

/** OpenAI's Responses API, with typed events. */
export const responses: Protocol = {
  path: '/v1/responses',
  read(given) {
    const body = readBody(given);
    const sampling = readSampling(body);
    const said = [contentText(body.instructions, 'instructions'), inputText(body.input)];
    return {
      ...sampling,
      prompt: said.filter((text) => text !== '').join('\n'),
      maxTokens: count(body, 'max_output_tokens'),
      calling: readCalling(body),
      reasons: true,
      encode: (reply) => encodingOf(sampling.model, reply),
    };
  },
};

/** Text of the input: a string, or messages, calls and their results. */
function inputText(input: unknown): string {
  if (typeof input === 'string') return input;
  if (!Array.isArray(input)) throw invalid('input', 'must be a string or an array', input);
  const messages = input.map((item: unknown) => {
    const isCall = isRecord(item) && String(item.type).startsWith('function_call');
    return isCall ? { role: 'tool', content: item.output } : item;
  });
  return conversationText(messages, 'input');
}

function encodingOf(model: string, reply: Reply): Encoding {
  const { answer } = reply;
  const { nameOf, itemOf, partOf, responseOf } = responseItems(model, reply);
  const pieces = tokensOfAnswer(answer);
  const final = answer.finishReason === 'length' ? 'incomplete' : 'completed';
  const output: Readonly<Record<string, unknown>>[] = [];
  let sequence = 0;
  let said = '';

  return {
    step(index, writtenAt) {
      let events = '';
      const send = (name: string, fields: object) => {
        const type = `response.${name}`;
        const data = JSON.stringify({ type, sequence_number: sequence, ...fields }).slice(0, -1);
        events += `event: ${type}\ndata: ${data},"written_at":${writtenAt}}\n\n`;
        sequence += 1;
      };
      if (index === 0) {
        send('created', { response: responseOf('in_progress', []) });
        send('in_progress', { response: responseOf('in_progress', []) });
      }
      const piece = pieces.next().value;
      if (piece) {
        const { kind, text, opens, closes } = piece;
        const item = itemOf(kind, '', 'in_progress');
        const place = { item_id: item.id, output_index: output.length };
        const inPart = kind === 'arguments' ? place : { ...place, content_index: 0 };
        if (opens) {
          said = '';
          send('output_item.added', { output_index: output.length, item });
          if (kind === 'text') send('content_part.added', { ...inPart, part: partOf(kind, '') });
        }
        said += text;
        send(`${nameOf(kind)}.delta`, { ...inPart, delta: text });
        if (closes) {
          send(`${nameOf(kind)}.done`, { ...inPart, [kind === 'arguments' ? 'arguments' : 'text']: said });
          if (kind === 'text') send('content_part.done', { ...inPart, part: partOf(kind, said) });
          const done = itemOf(kind, said, 'completed');
          send('output_item.done', { output_index: output.length, item: done });
          output.push(done);
        }
      }
      if (index + 1 === answer.steps) send(final, { response: responseOf(final, output) });
      return events;
    },
    whole(writtenAt) {
      const { reasoning, content } = textsOf(answer);
      const items = [
        ...(reasoning === '' ? [] : [itemOf('reasoning', reasoning, 'completed')]),
        itemOf(answer.tool ? 'arguments' : 'text', content, final),
      ];
      return JSON.stringify({ ...responseOf(final, items), written_at: Number(writtenAt) });
    },
  };
}
