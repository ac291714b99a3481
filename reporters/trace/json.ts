import type { SessionsDescription } from '../../engine/data/sessions/describe-sessions.js';

/** Description of a file of sessions as JSON. docs/agents.md describes the format. */
export function traceJson(description: SessionsDescription): string {
  return `${JSON.stringify({ schema: 'tokenswarm/trace', version: 1, ...description }, null, 2)}\n`;
}
