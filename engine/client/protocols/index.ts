import { anthropicProtocol } from './anthropic.js';
import { chatProtocol } from './chat.js';
import { completeProtocol } from './complete.js';
import { embedProtocol } from './embed.js';
import { geminiProtocol } from './gemini.js';
import { ollamaProtocol } from './ollama.js';
import { responsesProtocol } from './responses.js';
import { tgiProtocol } from './tgi.js';

/** All protocols, by the name of their function in scenarios. */
export const PROTOCOLS = {
  chat: chatProtocol,
  complete: completeProtocol,
  embed: embedProtocol,
  responses: responsesProtocol,
  anthropic: anthropicProtocol,
  ollama: ollamaProtocol,
  tgi: tgiProtocol,
  gemini: geminiProtocol,
} as const;

export type ProtocolName = keyof typeof PROTOCOLS;
