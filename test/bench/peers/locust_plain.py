"""One plain request after the other, as users of Locust's FastHttpUser write it.

locust_plain.py PORT USERS SECONDS
"""

import logging
import sys

import gevent
from locust import FastHttpUser, task
from locust.env import Environment

PORT, USERS, SECONDS = sys.argv[1:4]


class Fast(FastHttpUser):
    host = f"http://127.0.0.1:{PORT}"

    @task
    def plain(self):
        self.client.get("/plain")


logging.disable(logging.WARNING)
environment = Environment(user_classes=[Fast])
runner = environment.create_local_runner()
runner.start(int(USERS), spawn_rate=int(USERS))
gevent.spawn_later(float(SECONDS), runner.quit)
runner.greenlet.join()
