/**
 * Two requests of an agent, over any API with tools. The model calls one, then reads its result.
 *
 *     tokenswarm run scenarios/tools.ts --simulate -e API=anthropic        (or chat, responses)
 */
import { anthropic, type ChatMessage, chat, check, type Options, responses } from 'tokenswarm';

const apis = { chat, responses, anthropic };
const api = (__ENV.API ?? 'chat') as keyof typeof apis;
if (!(api in apis)) throw new Error(`there is no API called ${api}; there are ${Object.keys(apis).join(', ')}`);
const ask = apis[api];

export const options = { protocol: api, vus: 4, duration: __ENV.DURATION ?? '30s' } satisfies Options;

const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const tools = [
  { type: 'function', function: { name: 'weather', description: 'Today in a city', parameters } },
] as const;

export default async function () {
  const messages: ChatMessage[] = [{ role: 'user', content: 'Do I need an umbrella in Berlin?' }];
  const first = await ask({ messages, tools, toolChoice: 'required', maxTokens: 256, name: 'call' });
  if (!check(first, { 'calls the tool': (a) => a.toolCalls[0]?.name === 'weather' })) return;

  const calls = first.toolCalls.map(({ id, name, arguments: text }) => {
    return { id, type: 'function', function: { name, arguments: text } } as const;
  });
  messages.push({ role: 'assistant', content: first.text || null, tool_calls: calls });
  for (const { id } of calls) messages.push({ role: 'tool', tool_call_id: id, content: '18 °C, rain in the evening' });

  const last = await ask({ messages, tools, toolChoice: 'none', maxTokens: 128, name: 'answer' });
  check(last, { 'answers in words': (a) => a.ok && a.text.length > 0 });
}
