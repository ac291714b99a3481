/* A thread that reads the sockets of one JavaScript thread. */
#ifndef TOKENSWARM_READER_H
#define TOKENSWARM_READER_H

#include <stdatomic.h>
#include "stamps.h"
#include "stream.h"

/*
 * Figures of a reader, in this order for JavaScript; times in milliseconds. Those before CLOCKS are since they were last
 * taken, the others since the thread's start.
 */
enum figure { READS, UNSTAMPED, TURNS, LATE_SUM, LATE_MAX, OFFSET_FIRST, OFFSET_LAST, OVER, STEPS, LONGEST_STEP, FIGURES };
#define CLOCKS OFFSET_FIRST

#define SLOTS 256
/* Time between probes in nanoseconds, and the most that are kept for JavaScript. */
#define PROBE 10000000
#define PROBES 1024

struct reader {
  pthread_t thread;
  int epoll, wake_fd, probe_fd;
  atomic_int is_stopping;
  /* Calls JavaScript, where it was not called since it had all news. */
  void (*tell)(struct reader *);
  void *context;
  atomic_int is_told;
  /* Guards the list of streams with news, and the figures. */
  pthread_mutex_t lock;
  int32_t *news;
  size_t news_count, news_room;
  double figures[FIGURES];
  /* How late the thread was at instants of a grid, in milliseconds. */
  double probes[PROBES];
  size_t probe_count;
  int64_t probe_due;
  struct stamps stamps;
  /* Share of recognized events that soon follow the ones before them. */
  int close;
  /* JavaScript's thread alone: streams by their ids, in blocks that never move. */
  struct stream *blocks[SLOTS];
  int32_t count, *idle;
  size_t idle_count;
};

/* Starts the thread. Returns an error number, 0 for none. */
int reader_start(struct reader *r);
/* Ends the thread and frees all streams. */
void reader_stop(struct reader *r);

/* Reads a socket from now on, -1 for a stream that is fed. Returns its id, negative for an error number. */
int32_t reader_open(struct reader *r, int fd);
/* Reads a socket no more. To be called before the socket is closed. */
void reader_close(struct reader *r, int32_t id);
/* Stream by its id; NULL for one that never was. */
struct stream *reader_stream(struct reader *r, int32_t id);
/* Has a stream that waited for room read on. Its lock is held. */
void reader_resume(struct reader *r, struct stream *s);
/* Moves what probes found to `into`; returns how many there are. */
size_t reader_probes(struct reader *r, double *into, size_t room);
/* Moves the ids of streams with news to `into`; returns how many. JavaScript is called again after 0. */
size_t reader_news(struct reader *r, int32_t *into, size_t room);

#endif
