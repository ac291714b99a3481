import { html, type Markup } from './markup.js';

/** Note that opens a page of simulated runs; nothing where none is. */
export function simulatedNote(simulated: readonly boolean[]): Markup | undefined {
  if (!simulated.includes(true)) return undefined;
  return simulated.includes(false)
    ? html`<div class="notice">Some figures are simulated<p>They are marked everywhere, drawn hollow, and ranked separately.</p></div>
`
    : html`<div class="notice">Simulated: no server and no card has been measured<p>Every figure here is a prediction of the simulator's model.</p></div>
`;
}
