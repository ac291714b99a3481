"""A class for tokenswarm's workers: they run the default function of their own scenario."""

from locust import User, task


class Ours(User):
    @task
    def nothing(self):
        pass
