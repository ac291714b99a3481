"""Reads requests as JSON, has Locust count them, and writes what it prints and what stands in its files."""

import csv
import io
import json
import sys
from types import SimpleNamespace

from locust import stats as locust

given = json.load(sys.stdin)
stats = locust.RequestStats()
for request in given["requests"]:
    stats.log_request(request["method"], request["name"], float(request["time"]), request["bytes"])
    if request["failed"]:
        stats.log_error(request["method"], request["name"], given["message"])
stats.total.start_time = 1000.0
stats.total.last_request_timestamp = 1000.0 + given["seconds"]

text = io.StringIO(newline="")
files = locust.StatsCSV(SimpleNamespace(stats=stats, runner=None), locust.PERCENTILES_TO_REPORT)
files.requests_csv(csv.writer(text))
errors = locust.get_error_report_summary(stats) if stats.errors else []
lines = [*locust.get_stats_summary(stats, False), "", *locust.get_percentile_stats_summary(stats), "", *errors]
json.dump({"stats": text.getvalue(), "text": "\n".join(lines) + "\n"}, sys.stdout)
