#!/usr/bin/env bash
# Guess: with --enable-rebalancing a Locust master keeps the number of users that was ordered: when a worker falls silent its users move to the
# others, and when it returns they are spread anew.
# Seen: the users move, but when the worker returns it goes on with the users it had, and the others keep theirs too: 9 users instead of 6, until
# the next order. The load is higher than asked, and every figure of that time is of another load. tokenswarm's workers are counted by the same
# master, so docs/scale.md says to order the users again.
# Versions: locust 2.47.0, Python 3.10 or newer.
set -euo pipefail
work=$(mktemp -d)
# Stopped processes end only by this.
trap 'kill -CONT $(jobs -p) 2> /dev/null || true; kill -KILL $(jobs -p) 2> /dev/null || true; wait 2> /dev/null || true; rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check locust==2.47.0

cat > locustfile.py <<'PY'
from locust import User, constant, task


class Idle(User):
    wait_time = constant(1)

    @task
    def nothing(self):
        pass
PY
port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
web=$(port)
bind=$(port)
users() {
  python3 - "http://127.0.0.1:$web/stats/requests" <<'PY'
import json
import sys
import urllib.request

seen = json.load(urllib.request.urlopen(sys.argv[1]))
print(seen["user_count"], " ".join(sorted(f"{w['state']}:{w['user_count']}" for w in seen["workers"])))
PY
}
# Waits until the master's page says this, for 40 seconds at most.
await() {
  for _ in $(seq 80); do
    seen=$(users 2> /dev/null || true)
    [ "$seen" = "$1" ] && return
    sleep 0.5
  done
  echo "expected \"$1\", and the master says \"$seen\""
  exit 1
}

worker() { exec venv/bin/locust --worker --master-port "$bind" -f locustfile.py --loglevel ERROR > /dev/null 2>&1; }
venv/bin/locust --master --enable-rebalancing --web-host 127.0.0.1 --web-port "$web" --master-bind-port "$bind" -f locustfile.py \
  --loglevel ERROR > /dev/null 2>&1 &
worker &
worker &
silent=$!
await '0 ready:0 ready:0'
python3 -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:$web/swarm', b'user_count=6&spawn_rate=6').read()"
await '6 running:3 running:3'
kill -STOP "$silent"
await '6 missing:0 running:6'
kill -CONT "$silent"
await '9 running:3 running:6'
sleep 10
after=$(users)
echo "locust 2.47.0: 6 users ordered, and ten seconds after the worker's return $after"
[ "$after" = '9 running:3 running:6' ] || { echo 'Locust spreads users anew now: docs/scale.md may be shorter'; exit 1; }
