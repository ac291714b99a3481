/** Recorded sessions of every form, made by hand. */

/** Request of kv-cache-tester's form. Its hashes are whole blocks of 64 tokens. */
export function wekaRequest(t: number, input: number, output: number, hashes: readonly number[], more: object = {}) {
  return { t, type: 's', model: 'opus', in: input, out: output, hash_ids: hashes, api_time: 2, ...more };
}

/** Numbers from `from` to `to`. */
export function upTo(to: number, from = 1): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** Session with two subagents, of which one is waited for. */
export function weka(id: string, clock: 'marker' | 'session' = 'session') {
  const at = (marker: number, t: number) => (clock === 'session' ? marker + t : t);
  return {
    id,
    models: ['opus'],
    block_size: 64,
    hash_id_scope: 'local',
    tool_tokens: 64,
    system_tokens: 64,
    requests: [
      wekaRequest(0, 640, 100, upTo(10)),
      wekaRequest(5, 1000, 50, [...upTo(10), ...upTo(16, 11)], { input_types: ['tool_result'], think_time: 3 }),
      {
        type: 'subagent',
        t: 8,
        agent_id: 'a',
        subagent_type: 'Explore',
        requests: [
          wekaRequest(at(8, 0.5), 300, 40, [1, 2, 101, 102, 103]),
          wekaRequest(at(8, 4), 450, 30, [1, 2, 101, 102, 103, 104, 105, 106]),
        ],
      },
      wekaRequest(20, 1300, 60, [...upTo(16), ...upTo(21, 17)], { input_types: ['text'] }),
      {
        type: 'subagent',
        t: 23,
        agent_id: 'b',
        subagent_type: 'Title',
        requests: [wekaRequest(at(23, 0), 200, 10, [1, 2, 201, 202], { model: 'haiku' })],
      },
    ],
  };
}

/** Turns of aiperf's Mooncake form: two sessions, one line after the other. */
export const MOONCAKE = [
  { session_id: 's1', input_length: 1500, output_length: 20, hash_ids: [0, 1, 2], timestamp: 0, group_id: 1 },
  { session_id: 's2', input_length: 1024, output_length: 10, hash_ids: [0, 1], timestamp: 2000, group_id: 1 },
  { session_id: 's1', input_length: 600, output_length: 30, hash_ids: [7, 8], delay: 1500 },
  { session_id: 's1', input_length: 100, output_length: 5, hash_ids: [9], delay: 20_000 },
];

/** Turns of Qwen-Bailian: a chat of two turns, and one of one. */
export const BAILIAN = [
  {
    chat_id: 5,
    parent_chat_id: -1,
    timestamp: 10,
    input_length: 40,
    output_length: 8,
    type: 'text',
    turn: 1,
    hash_ids: [1, 2, 3],
  },
  {
    chat_id: 6,
    parent_chat_id: -1,
    timestamp: 11,
    input_length: 20,
    output_length: 4,
    type: 'text',
    turn: 1,
    hash_ids: [1, 9],
  },
  {
    chat_id: 7,
    parent_chat_id: 5,
    timestamp: 14,
    input_length: 90,
    output_length: 9,
    type: 'text',
    turn: 2,
    hash_ids: [1, 2, 4, 5, 6, 7],
  },
];

function round(index: number, prefix: number, added: number, from: string, to: string, type = 'tool_result') {
  return {
    session_id: 'claude:1',
    round_index: index,
    input_tokens_total: prefix + added,
    prefix_tokens: prefix,
    newly_append_tokens: added,
    output_tokens: 20,
    model: 'opus',
    first_input_event_type: type,
    timing_events: [
      { type, timestamp: `2026-05-01T10:00:${from}Z` },
      { type: 'text', timestamp: `2026-05-01T10:00:${to}Z` },
    ],
  };
}

/** Rounds of TraceLab: a session that is compacted in its third. */
export const TRACELAB = [
  round(0, 0, 500, '00', '04', 'user_message'),
  round(1, 500, 300, '06', '09'),
  round(2, 128, 200, '20', '22'),
];
