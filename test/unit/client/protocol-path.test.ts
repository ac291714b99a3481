import assert from 'node:assert/strict';
import { PROTOCOLS, type ProtocolName } from '../../../engine/client/protocols/index.js';
import { pathOf } from '../../../engine/client/protocols/protocol.js';
import { parseTarget } from '../../../engine/client/target.js';

describe('the path of a request', () => {
  const table: readonly [baseUrl: string, ProtocolName, path: string][] = [
    ['http://host', 'chat', '/v1/chat/completions'],
    ['http://host/v1/', 'complete', '/v1/completions'],
    ['http://host/openai/v3', 'embed', '/openai/v3/embeddings'],
    ['http://host', 'responses', '/v1/responses'],
    ['http://host', 'anthropic', '/v1/messages'],
    ['http://host/v1', 'anthropic', '/v1/messages'],
    ['http://host/anthropic', 'anthropic', '/anthropic/v1/messages'],
    ['http://host/proxy/v1', 'anthropic', '/proxy/v1/messages'],
    ['http://host:11434', 'ollama', '/api/chat'],
    ['http://host/v1', 'ollama', '/api/chat'],
    ['http://host/v1', 'tgi', '/generate_stream'],
    ['http://host', 'gemini', '/v1beta/models/m:streamGenerateContent?alt=sse'],
    ['http://host/g/v1beta?key=k', 'gemini', '/g/v1beta/models/m:streamGenerateContent?alt=sse&key=k'],
    ['http://host/proxy/v1/', 'ollama', '/proxy/api/chat'],
    ['http://host/v1?api-version=2024-10-21', 'chat', '/v1/chat/completions?api-version=2024-10-21'],
    ['http://host/v1/chat/completions?a=1', 'embed', '/v1/embeddings?a=1'],
    ['http://host/api/chat', 'ollama', '/api/chat'],
  ];
  for (const [baseUrl, name, path] of table) {
    it(`is ${path} for ${name} at ${baseUrl}`, () => {
      assert.equal(pathOf(PROTOCOLS[name], parseTarget({ baseUrl, model: 'm' }), { model: 'm', streamed: true }), path);
    });
  }
});
