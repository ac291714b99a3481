"""The same load that the parity test has tokenswarm make: two requests after one another, again and again."""

from locust import HttpUser, constant, task


class Reader(HttpUser):
    wait_time = constant(0)

    @task
    def both(self):
        self.client.get("/page?ms=300", name="page")
        self.client.post("/slow?ms=640", data="hello", name="slow, and often refused")
