import { type Fields, invalid, isRecord } from './request-fields.js';

/** Tool as far as the simulator uses it. It passes a text for one argument. */
export interface Tool {
  readonly name: string;
  readonly argument: string;
}

/** Tool that an answer calls. `must`: always; else the model's name decides. */
export interface Calling {
  readonly tool: Tool;
  readonly must: boolean;
}

/**
 * Reads `tools` and `tool_choice` of OpenAI (chat, responses), Anthropic and Ollama. Undefined if no tool may be
 * called.
 */
export function readCalling(body: Fields): Calling | undefined {
  const given = body.tools ?? undefined;
  if (given !== undefined && !Array.isArray(given)) throw invalid('tools', 'must be an array', given);
  const tools = (given ?? []).map((tool: unknown, i: number) => readTool(tool, `tools[${i}]`));
  const choice = body.tool_choice ?? 'auto';
  if (tools.length === 0 || choice === 'none' || typeOf(choice) === 'none') return undefined;
  const wanted = nameOf(choice);
  const tool = tools.find(({ name }) => name === (wanted ?? name));
  if (tool === undefined) throw invalid('tool_choice', 'must be the name of a tool', wanted);
  return { tool, must: wanted !== undefined || choice === 'required' || typeOf(choice) === 'any' };
}

function readTool(given: unknown, path: string): Tool {
  if (!isRecord(given)) throw invalid(path, 'must be an object', given);
  const described = isRecord(given.function) ? given.function : given;
  if (typeof described.name !== 'string') throw invalid(`${path}.name`, 'must be a string', described.name);
  const schema = described.parameters ?? described.input_schema;
  const properties = isRecord(schema) && isRecord(schema.properties) ? Object.keys(schema.properties) : [];
  return { name: described.name, argument: properties[0] ?? 'query' };
}

function typeOf(choice: unknown): unknown {
  return isRecord(choice) ? choice.type : undefined;
}

function nameOf(choice: unknown): unknown {
  if (!isRecord(choice)) return undefined;
  return isRecord(choice.function) ? choice.function.name : choice.name;
}
