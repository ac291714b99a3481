#define _GNU_SOURCE
#include "reader.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

/* Streams of a block. */
#define BLOCK 256
#define EVENTS 1024
/* Of this thread alone, in Linux. */
#define PRIORITY -10
/*
 * Shortest time between turns in nanoseconds. The kernel's stamps do not depend on when bytes are read, so one wake-up
 * may serve all sockets that become readable within it. Events that are read together share an instant, so turns follow
 * one another at once where an eighth of the recognized events, on average over some 64, come within CLOSE milliseconds
 * of the ones before them.
 */
#define TURN 1000000
#define CLOSE 4
#define ALL 1024

/* Lists a stream for JavaScript's next call. Its lock is held. */
static int list(struct reader *r, struct stream *s) {
  if (s->listed) return 0;
  pthread_mutex_lock(&r->lock);
  if (r->news_count == r->news_room) {
    size_t room = r->news_room ? 2 * r->news_room : BLOCK;
    int32_t *larger = realloc(r->news, room * sizeof *larger);
    if (larger) r->news = larger, r->news_room = room;
  }
  if (r->news_count < r->news_room) r->news[r->news_count++] = s->id, s->listed = 1;
  pthread_mutex_unlock(&r->lock);
  return s->listed;
}

static void watch(struct reader *r, struct stream *s, int operation) {
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = s};
  epoll_ctl(r->epoll, operation, s->fd, &event);
}

/* Reads what a socket has, up to READ_SIZE. Returns true where JavaScript is to be called. Its lock is held. */
static int read_stream(struct reader *r, struct stream *s, char *buffer, double *figures) {
  _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(struct timespec)) * 2];
  struct iovec to = {buffer, READ_SIZE};
  struct msghdr message = {.msg_iov = &to, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  /* Closed by JavaScript since the socket became readable. */
  if (s->fd < 0) return 0;
  if (s->logged - s->taken > LOG_LONGEST) {
    watch(r, s, EPOLL_CTL_DEL);
    s->waiting = 1;
    return list(r, s);
  }
  ssize_t got = recvmsg(s->fd, &message, MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
  if (got > 0) {
    double now = (double)monotonic_ns() / 1e6, at = stamp_of(&r->stamps, &message);
    figures[READS]++;
    if (at == 0) figures[UNSTAMPED]++;
    if (at == 0 || at > now) at = now;
    figures[LATE_SUM] += now - at;
    if (now - at > figures[LATE_MAX]) figures[LATE_MAX] = now - at;
    if (s->armed) r->close += ((at - s->last_at < CLOSE ? ALL : 0) - r->close) >> 6;
    if (!stream_feed(s, buffer, (size_t)got, at)) return 0;
  } else {
    s->error = got < 0 ? errno : 0;
    s->over = 1;
  }
  if (s->over) watch(r, s, EPOLL_CTL_DEL);
  return list(r, s);
}

static void count(struct reader *r, const double *figures) {
  const struct stamps *stamps = &r->stamps;
  double *all = r->figures;
  pthread_mutex_lock(&r->lock);
  for (int i = READS; i < LATE_MAX; i++) all[i] += figures[i];
  if (figures[LATE_MAX] > all[LATE_MAX]) all[LATE_MAX] = figures[LATE_MAX];
  all[OFFSET_FIRST] = (double)stamps->first_offset / 1e6;
  all[OFFSET_LAST] = (double)stamps->offset / 1e6;
  all[OVER] = (double)(stamps->at - stamps->first_at) / 1e6;
  all[STEPS] = (double)stamps->steps;
  all[LONGEST_STEP] = (double)stamps->longest_step / 1e6;
  pthread_mutex_unlock(&r->lock);
}

/* Notes how late this turn is for the probes that were due before it. */
static void probe(struct reader *r) {
  uint64_t due;
  if (read(r->probe_fd, &due, sizeof due) != sizeof due) return;
  int64_t now = monotonic_ns();
  pthread_mutex_lock(&r->lock);
  for (; due > 0; due--, r->probe_due += PROBE)
    if (r->probe_count < PROBES) r->probes[r->probe_count++] = (double)(now - r->probe_due) / 1e6;
  pthread_mutex_unlock(&r->lock);
}

static void *reading(void *context) {
  struct reader *r = context;
  struct epoll_event *ready = malloc(EVENTS * sizeof *ready);
  char *buffer = malloc(READ_SIZE);
  /* Where that is allowed: events that wait for a busy core are read together, and share an instant. */
  setpriority(PRIO_PROCESS, 0, PRIORITY);
  for (int64_t before = 0; ready && buffer;) {
    int number = epoll_wait(r->epoll, ready, EVENTS, -1), has_news = 0;
    if (atomic_load(&r->is_stopping)) break;
    double figures[FIGURES] = {[TURNS] = 1};
    stamps_turn(&r->stamps);
    for (int i = 0; i < number; i++) {
      struct stream *s = ready[i].data.ptr;
      if (!s) probe(r);
      if (!s) continue;
      pthread_mutex_lock(&s->lock);
      has_news |= read_stream(r, s, buffer, figures);
      pthread_mutex_unlock(&s->lock);
    }
    count(r, figures);
    if (has_news && !atomic_exchange(&r->is_told, 1)) r->tell(r);
    /* Where turns come less often, nobody waits. */
    int64_t began = r->stamps.at, rest = began + TURN - monotonic_ns();
    if (began - before < TURN && rest > 0 && r->close < ALL / 8) nanosleep(&(struct timespec){.tv_nsec = rest}, NULL);
    before = began;
  }
  return free(ready), free(buffer), NULL;
}

int reader_start(struct reader *r) {
  pthread_attr_t attributes;
  pthread_mutex_init(&r->lock, NULL);
  r->epoll = epoll_create1(EPOLL_CLOEXEC);
  r->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
  struct itimerspec grid = {.it_interval.tv_nsec = PROBE};
  r->probe_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  r->probe_due = monotonic_ns() + PROBE;
  grid.it_value.tv_sec = r->probe_due / 1000000000, grid.it_value.tv_nsec = r->probe_due % 1000000000;
  if (r->epoll < 0 || r->wake_fd < 0 || epoll_ctl(r->epoll, EPOLL_CTL_ADD, r->wake_fd, &event)) return errno;
  if (timerfd_settime(r->probe_fd, TFD_TIMER_ABSTIME, &grid, NULL)) return errno;
  if (epoll_ctl(r->epoll, EPOLL_CTL_ADD, r->probe_fd, &event)) return errno;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 256 * 1024);
  int error = pthread_create(&r->thread, &attributes, reading, r);
  pthread_attr_destroy(&attributes);
  return error;
}

void reader_stop(struct reader *r) {
  uint64_t one = 1;
  atomic_store(&r->is_stopping, 1);
  if (write(r->wake_fd, &one, sizeof one) < 0) return;
  pthread_join(r->thread, NULL);
  close(r->epoll);
  close(r->wake_fd);
  close(r->probe_fd);
  for (int32_t id = 0; id < r->count; id++) stream_free(reader_stream(r, id));
  for (int i = 0; i < SLOTS; i++) free(r->blocks[i]);
  pthread_mutex_destroy(&r->lock);
  free(r->news);
  free(r->idle);
}

struct stream *reader_stream(struct reader *r, int32_t id) {
  return id < 0 || id >= r->count ? NULL : &r->blocks[id / BLOCK][id % BLOCK];
}

/* Makes the streams of another block, and room for their ids. */
static int grow(struct reader *r) {
  int block = r->count / BLOCK;
  if (block == SLOTS) return EMFILE;
  struct stream *streams = aligned_alloc(64, BLOCK * sizeof *streams);
  int32_t *idle = realloc(r->idle, (size_t)(r->count + BLOCK) * sizeof *idle);
  if (idle) r->idle = idle;
  if (!streams || !idle) return free(streams), ENOMEM;
  memset(streams, 0, BLOCK * sizeof *streams);
  r->blocks[block] = streams;
  for (int i = BLOCK - 1; i >= 0; i--) {
    pthread_mutex_init(&streams[i].lock, NULL);
    streams[i].id = r->count + i;
    streams[i].fd = -1;
    r->idle[r->idle_count++] = streams[i].id;
  }
  r->count += BLOCK;
  return 0;
}

int32_t reader_open(struct reader *r, int fd) {
  int error = r->idle_count ? 0 : grow(r);
  if (error) return -error;
  int32_t id = r->idle[r->idle_count - 1];
  struct stream *s = reader_stream(r, id);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = s};
  pthread_mutex_lock(&s->lock);
  stream_reset(s);
  s->fd = fd;
  if (fd >= 0) stamps_ask(fd);
  if (fd >= 0 && epoll_ctl(r->epoll, EPOLL_CTL_ADD, fd, &event)) error = errno, s->fd = -1;
  pthread_mutex_unlock(&s->lock);
  if (error) return -error;
  r->idle_count--;
  return id;
}

void reader_close(struct reader *r, int32_t id) {
  struct stream *s = reader_stream(r, id);
  pthread_mutex_lock(&s->lock);
  if (s->fd >= 0 && !s->waiting && !s->over) watch(r, s, EPOLL_CTL_DEL);
  stream_reset(s);
  pthread_mutex_unlock(&s->lock);
  r->idle[r->idle_count++] = id;
}

void reader_resume(struct reader *r, struct stream *s) {
  if (!s->waiting || s->logged > 0) return;
  s->waiting = 0;
  if (s->fd >= 0 && !s->over) watch(r, s, EPOLL_CTL_ADD);
}

size_t reader_probes(struct reader *r, double *into, size_t room) {
  pthread_mutex_lock(&r->lock);
  size_t n = r->probe_count < room ? r->probe_count : room;
  memcpy(into, r->probes, n * sizeof *into);
  r->probe_count = 0;
  pthread_mutex_unlock(&r->lock);
  return n;
}

size_t reader_news(struct reader *r, int32_t *into, size_t room) {
  pthread_mutex_lock(&r->lock);
  size_t n = r->news_count < room ? r->news_count : room;
  memcpy(into, r->news, n * sizeof *into);
  r->news_count -= n;
  memmove(r->news, r->news + n, r->news_count * sizeof *into);
  if (n == 0) atomic_store(&r->is_told, 0);
  pthread_mutex_unlock(&r->lock);
  return n;
}
