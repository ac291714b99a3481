/** Users that each hang up before a stream's last token. That one would carry the server's token count. */
import { chat, type Options } from 'tokenswarm';

const STREAMS = Number(__ENV.STREAMS);
const tokens = Number(__ENV.TOKENS) - 1;

export const options = {
  scenarios: {
    streams: {
      executor: 'ramping-vus',
      startVUs: 0,
      stages: [
        { duration: __ENV.SPREAD ?? '1s', target: STREAMS },
        { duration: __ENV.HOLD ?? '5s', target: STREAMS },
      ],
    },
  },
} satisfies Options;

export default async function () {
  await chat({ messages: 'hi', abortAfter: { tokens } });
}
