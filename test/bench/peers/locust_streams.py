"""Streams read as users of Locust read them: a task that iterates over the lines and fires an event with the TTFT.

locust_streams.py PORT STREAMS SPREAD_S HOLD_S MODEL fast|http
"""

from gevent import monkey

monkey.patch_all()

import json
import logging
import sys
import time

import gevent
from locust import FastHttpUser, HttpUser, task
from locust.env import Environment

PORT, STREAMS, SPREAD, HOLD, MODEL, MODE = sys.argv[1:7]
BODY = {"model": MODEL, "stream": True, "messages": [{"role": "user", "content": "hi"}]}


def read(user, lines, started):
    first = True
    for line in lines:
        read_at = time.perf_counter()
        if not line.startswith(b"data: ") or line == b"data: [DONE]":
            continue
        choices = json.loads(line[6:])["choices"]
        if choices and choices[0]["delta"].get("content") and first:
            first = False
            ttft = (read_at - started) * 1000
            user.environment.events.request.fire(
                request_type="TTFT", name="chat", response_time=ttft, response_length=0, exception=None, context={}
            )


class Fast(FastHttpUser):
    abstract = MODE != "fast"
    host = f"http://127.0.0.1:{PORT}"

    @task
    def chat(self):
        started = time.perf_counter()
        with self.client.post("/v1/chat/completions", json=BODY, stream=True, catch_response=True) as response:
            read(self, lines_of(response._response), started)


class Plain(HttpUser):
    abstract = MODE != "http"
    host = f"http://127.0.0.1:{PORT}"

    @task
    def chat(self):
        started = time.perf_counter()
        with self.client.post("/v1/chat/completions", json=BODY, stream=True, catch_response=True) as response:
            read(self, response.iter_lines(chunk_size=None), started)


def lines_of(response):
    """FastHttpUser has no iter_lines; what it has reads blocks of a fixed size."""
    while line := response.readline(b"\n"):
        yield line.rstrip()


logging.disable(logging.WARNING)
user_class = Fast if MODE == "fast" else Plain
environment = Environment(user_classes=[user_class])
runner = environment.create_local_runner()
ttfts = []


@environment.events.request.add_listener
def on_request(request_type, response_time, **_):
    if request_type == "TTFT":
        ttfts.append(response_time)


runner.start(int(STREAMS), spawn_rate=int(STREAMS) / max(0.001, float(SPREAD)))
gevent.spawn_later(float(SPREAD) + float(HOLD), runner.quit)
runner.greenlet.join()
ttfts.sort()
print(json.dumps({"ttft": {"mean": sum(ttfts) / len(ttfts), "p99": ttfts[int(len(ttfts) * 0.99)]}}))
