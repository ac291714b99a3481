/* What the target and the floor client have in common: the clock and percentiles. */
#ifndef BENCH_VALUES_H
#define BENCH_VALUES_H

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Milliseconds on CLOCK_MONOTONIC, the clock by which every client of one machine can be judged. */
static double now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

/* A growing list of measured values. */
struct values {
  double *at;
  size_t count, room;
};

static void add_value(struct values *v, double value) {
  if (v->count == v->room) {
    v->room = v->room ? 2 * v->room : 4096;
    v->at = realloc(v->at, v->room * sizeof(double));
    if (!v->at) abort();
  }
  v->at[v->count++] = value;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static inline double mean_of(const struct values *v) {
  double sum = 0;
  for (size_t i = 0; i < v->count; i++) sum += v->at[i];
  return v->count ? sum / v->count : 0;
}

/* Nearest rank; sorts the list. */
static inline double percentile_of(struct values *v, double p) {
  if (!v->count) return 0;
  qsort(v->at, v->count, sizeof(double), ascending);
  size_t rank = (size_t)(p / 100 * v->count + 0.999999);
  return v->at[rank ? rank - 1 : 0];
}

#endif
