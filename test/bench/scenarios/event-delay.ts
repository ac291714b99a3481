/**
 * Load of streams.ts with the delay of each token. A token's text is the instant of its writing, in ms on
 * CLOCK_MONOTONIC.
 */
import { chat, Trend } from 'tokenswarm';

export { options } from './streams.js';

const delay = new Trend('event_delay', true);

export default async function () {
  await chat({
    messages: 'hi',
    onToken: (text) => delay.add(Number(process.hrtime.bigint()) / 1e6 - Number(text)),
  });
}
