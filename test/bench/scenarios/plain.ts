/** One request after the other, as peers/plain.js and peers/locust_plain.py make them. */
import { http } from 'tokenswarm';

export default async function () {
  await http.get(`${__ENV.URL}/plain`);
}
