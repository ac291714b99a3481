/** Users that do nothing; only the last one asks for a page. The page shows that all have started. */
import { http, type Options, sleep } from 'tokenswarm';

const USERS = Number(__ENV.USERS);

export const options = {
  scenarios: { idle: { executor: 'constant-vus', vus: USERS, duration: __ENV.HOLD ?? '4s', gracefulStop: '0s' } },
} satisfies Options;

export default async function () {
  if (__VU === USERS) await http.get(`${__ENV.URL}/plain`);
  await sleep('1h');
}
