"""A worker of Python beside tokenswarm's, under one master."""

from locust import HttpUser, constant, task


class Reader(HttpUser):
    wait_time = constant(0.2)

    @task
    def models(self):
        self.client.get("/v1/models", name="models")
