/** One request after the other, as users of k6 write it. */
import http from 'k6/http';

export default function () {
  http.get(`${__ENV.URL}/plain`);
}
