/** Users that each ask for one stream after another. */
import { chat, type Options } from 'tokenswarm';

const STREAMS = Number(__ENV.STREAMS);

export const options = {
  scenarios: {
    streams: {
      executor: 'ramping-vus',
      startVUs: 0,
      stages: [
        { duration: __ENV.SPREAD ?? '1s', target: STREAMS },
        { duration: __ENV.HOLD ?? '5s', target: STREAMS },
      ],
      gracefulStop: __ENV.GRACE ?? '30s',
    },
  },
} satisfies Options;

export default async function () {
  await chat({ messages: 'hi' });
}
