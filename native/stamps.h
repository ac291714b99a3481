/* Instants on the monotonic clock, from the kernel's stamps on the real-time clock. */
#ifndef TOKENSWARM_STAMPS_H
#define TOKENSWARM_STAMPS_H

#include <stdint.h>
#include <sys/socket.h>

/* Distance between both clocks, measured anew each turn. Nanoseconds. */
struct stamps {
  /* Monotonic less real-time clock: at the first turn, and now. */
  int64_t first_offset, offset;
  /* Monotonic clock at the first turn, and now. */
  int64_t first_at, at;
  /* Turns in which the real-time clock had been set; their stamps are not used. Largest such change. */
  int64_t steps, longest_step;
  int is_set;
};

int64_t monotonic_ns(void);

/* Measures the distance. To be called before the stamps of a turn are read. */
void stamps_turn(struct stamps *s);

/* Asks the kernel to stamp what a socket receives; returns false where it does not. */
int stamps_ask(int fd);

/* Instant of a message's stamp in milliseconds; 0 without a stamp that can be used. Never later than the turn. */
double stamp_of(const struct stamps *s, struct msghdr *message);

#endif
