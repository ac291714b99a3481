import { anthropicProtocol } from './anthropic.js';
import { chatProtocol } from './chat.js';
import { completeProtocol } from './complete.js';
import { embedProtocol } from './embed.js';
import { ollamaProtocol } from './ollama.js';
import { responsesProtocol } from './responses.js';

/** Every protocol, under the name of the function by which a scenario uses it. */
export const PROTOCOLS = {
  chat: chatProtocol,
  complete: completeProtocol,
  embed: embedProtocol,
  responses: responsesProtocol,
  anthropic: anthropicProtocol,
  ollama: ollamaProtocol,
} as const;

export type ProtocolName = keyof typeof PROTOCOLS;
