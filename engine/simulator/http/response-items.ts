import type { AnswerToken } from '../text/chunks.js';
import type { Reply } from './simulated-protocol.js';

type Kind = AnswerToken['kind'];
type Status = 'in_progress' | 'completed' | 'incomplete';
type Fields = Readonly<Record<string, unknown>>;

/** Objects of the Responses API for one reply. */
export interface ResponseItems {
  /** Event name of a kind: `output_text` in `response.output_text.delta`. */
  nameOf(kind: Kind): string;
  /** Output item of a kind, in its current state. */
  itemOf(kind: Kind, text: string, status: Status): Fields;
  /** Part of an item that holds a text. */
  partOf(kind: Kind, text: string): Fields;
  responseOf(status: Status, output: readonly Fields[]): Fields;
}

/**
 * Items of a reply. OpenAI sends summaries of the reasoning, servers of open models the reasoning itself: the reply
 * says which.
 */
export function responseItems(model: string, reply: Reply): ResponseItems {
  const { id, created, promptTokens, answer, reasoningField } = reply;
  const isSummary = reasoningField === 'reasoning';
  const names: Readonly<Record<Kind, string>> = {
    text: 'output_text',
    reasoning: isSummary ? 'reasoning_summary_text' : 'reasoning_text',
    arguments: 'function_call_arguments',
  };
  const usage = {
    input_tokens: promptTokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: answer.completionTokens,
    output_tokens_details: { reasoning_tokens: answer.reasoningTokens },
    total_tokens: promptTokens + answer.completionTokens,
  };
  const partOf = (kind: Kind, text: string): Fields =>
    kind === 'text'
      ? { type: 'output_text', text, annotations: [] }
      : { type: isSummary ? 'summary_text' : 'reasoning_text', text };

  return {
    nameOf: (kind) => names[kind],
    partOf,
    itemOf(kind, text, status) {
      if (kind === 'arguments') {
        const call = { call_id: `call_${id}`, name: answer.tool?.name, arguments: text };
        return { type: 'function_call', id: `fc_${id}`, ...call, status };
      }
      const parts = text === '' ? [] : [partOf(kind, text)];
      if (kind === 'text') return { type: 'message', id: `msg_${id}`, role: 'assistant', status, content: parts };
      return {
        type: 'reasoning',
        id: `rs_${id}`,
        summary: [],
        ...(isSummary ? { summary: parts } : { content: parts }),
      };
    },
    responseOf: (status, output) => ({
      id: `resp_${id}`,
      object: 'response',
      created_at: created,
      status,
      error: null,
      incomplete_details: status === 'incomplete' ? { reason: 'max_output_tokens' } : null,
      model,
      output,
      usage: status === 'in_progress' ? null : usage,
    }),
  };
}
