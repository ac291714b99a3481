import { type Refuse, show } from '../trace-fields.js';

/** Other files that are given for sessions, by their fields. */
const STRANGERS: readonly (readonly [name: string, fields: readonly string[]])[] = [
  ["single requests of Mooncake, for the executor 'trace'", ['timestamp', 'input_length']],
  ['conversations of ShareGPT, for dataset()', ['conversations']],
  ['messages of OpenAI, for dataset()', ['messages']],
  ['rows of Alpaca, for dataset()', ['instruction']],
  ['results of aiperf', ['metadata', 'metrics']],
  ['a record of tokenswarm, for tokenswarm report', ['schema', 'metrics']],
];

/** Refuses a row of no known form. Says what it looks like. */
export function refuseStranger(row: object, refuse: Refuse): never {
  const found = STRANGERS.find(([, fields]) => fields.every((field) => field in row))?.[0];
  const seen = found
    ? `these look like ${found}`
    : `got an object with the fields ${show(Object.keys(row).slice(0, 8))}`;
  return refuse(
    `expected sessions of kv-cache-tester (requests, block_size), aiperf's Mooncake form (session_id, input_length), ` +
      `Qwen-Bailian (chat_id, parent_chat_id) or TraceLab (session_id, round_index); ${seen}`,
  );
}
