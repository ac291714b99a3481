#!/usr/bin/env bash
# Runs a scenario in CI, writes its reports, and compares it with a stored baseline.
#
#   LOAD_TEST_SCENARIO   scenario file
#   LOAD_TEST_ARGUMENTS  further arguments of `tokenswarm run`, one a line
#   LOAD_TEST_RESULTS    folder of the reports: run.json, run.html, junit.xml, summary.md; by default results
#   LOAD_TEST_BASELINE   record to compare with, if any
#   LOAD_TEST_FAIL_IF    conditions of `tokenswarm compare --fail-if`, one a line
#   LOAD_TEST_COMMAND    how to call tokenswarm; by default npx --yes tokenswarm
#
# Exits like the run (99: a threshold was crossed), else like the comparison (99: a condition was met).
set -uo pipefail

scenario=${LOAD_TEST_SCENARIO:-}
if [ ! -f "$scenario" ]; then
  echo "error: LOAD_TEST_SCENARIO: expected a scenario file, got \"$scenario\"" >&2
  exit 104
fi
baseline=${LOAD_TEST_BASELINE:-}
if [ -n "$baseline" ] && [ ! -f "$baseline" ]; then
  echo "error: LOAD_TEST_BASELINE: there is no record at $baseline; store the run.json of a good run there" >&2
  exit 104
fi
read -r -a command <<< "${LOAD_TEST_COMMAND:-npx --yes tokenswarm}"
results=${LOAD_TEST_RESULTS:-results}
mapfile -t arguments < <(sed '/^[[:space:]]*$/d' <<< "${LOAD_TEST_ARGUMENTS:-}")
mapfile -t conditions < <(sed '/^[[:space:]]*$/d' <<< "${LOAD_TEST_FAIL_IF:-}")

mkdir -p "$results"
"${command[@]}" run "$scenario" "${arguments[@]}" \
  --out "json=$results/run.json" --out "html=$results/run.html" \
  --out "junit=$results/junit.xml" --out "markdown=$results/summary.md"
code=$?

compared=0
if [ -n "$baseline" ] && [ -f "$results/run.json" ]; then
  checks=()
  for condition in "${conditions[@]}"; do checks+=(--fail-if "$condition"); done
  "${command[@]}" compare "$baseline" "$results/run.json" "${checks[@]}" --out "html=$results/compare.html" \
    --out "markdown=$results/compare.md"
  compared=$?
  [ -f "$results/compare.md" ] && { echo; cat "$results/compare.md"; } >> "$results/summary.md"
fi

# GitHub shows it on the page of the workflow's run.
if [ -n "${GITHUB_STEP_SUMMARY:-}" ] && [ -f "$results/summary.md" ]; then
  cat "$results/summary.md" >> "$GITHUB_STEP_SUMMARY"
fi
[ "$code" -ne 0 ] && exit "$code"
exit "$compared"
