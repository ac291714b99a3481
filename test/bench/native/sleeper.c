/*
 * How precisely this machine wakes a thread that sleeps until absolute instants: the floor of every schedule.
 *
 *     sleeper RATE SECONDS
 * Prints JSON: how late it woke, in milliseconds.
 */
#include "values.h"
#include <stdio.h>

int main(int count, char **given) {
  if (count != 3) return fprintf(stderr, "sleeper RATE SECONDS\n"), 2;
  double period = 1e3 / atof(given[1]), start = now_ms();
  struct values late = {0};
  for (long i = 1; i * period <= atof(given[2]) * 1e3; i++) {
    double due = start + i * period;
    struct timespec until = {.tv_sec = due / 1e3, .tv_nsec = (due / 1e3 - (long)(due / 1e3)) * 1e9};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
    add_value(&late, now_ms() - due);
  }
  printf("{\"p50\":%.4f,\"p99\":%.4f}\n", percentile_of(&late, 50), percentile_of(&late, 99));
}
