#define _GNU_SOURCE
#include "stamps.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Longest time between two readings of the monotonic clock around one of the other; longer ones are tried again. */
#define NARROW 5000
#define TRIES 5
/* A change of the distance that is no drift: 0.2 ms, and a thousandth of the time since. NTP slews by half of that. */
#define STEP 200000
#define STEEPEST 1000

static int64_t read_clock(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t monotonic_ns(void) { return read_clock(CLOCK_MONOTONIC); }

void stamps_turn(struct stamps *s) {
  int64_t best = INT64_MAX, offset = 0, at = 0;
  for (int i = 0; i < TRIES && best > NARROW; i++) {
    int64_t before = monotonic_ns(), real = read_clock(CLOCK_REALTIME), after = monotonic_ns();
    if (after - before >= best) continue;
    best = after - before;
    offset = before + best / 2 - real;
    at = after;
  }
  if (!s->first_at) {
    s->first_at = at;
    s->first_offset = s->offset = offset;
  }
  int64_t change = llabs(offset - s->offset);
  s->is_set = change > STEP + (at - s->at) / STEEPEST && s->at;
  if (s->is_set) {
    s->steps++;
    if (change > s->longest_step) s->longest_step = change;
  }
  s->offset = offset;
  s->at = at;
}

int stamps_ask(int fd) {
  int on = 1;
  return setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) == 0;
}

double stamp_of(const struct stamps *s, struct msghdr *message) {
  if (s->is_set) return 0;
  for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS) continue;
    struct timespec t;
    memcpy(&t, CMSG_DATA(c), sizeof t);
    return (double)((int64_t)t.tv_sec * 1000000000 + t.tv_nsec + s->offset) / 1e6;
  }
  return 0;
}
