#include "stream.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A log that has grown beyond this is freed with its socket. */
#define LOG_KEPT (64 * 1024)
#define LOG_FIRST 2048

/* Makes room at the end of the log, first where records were taken. Returns false without memory. */
static int make_room(struct stream *s, size_t whole) {
  if (s->taken > s->logged / 2) {
    memmove(s->log, s->log + s->taken, s->logged - s->taken);
    s->logged -= s->taken;
    s->taken = 0;
  }
  size_t room = s->room ? s->room : LOG_FIRST;
  while (room < s->logged + whole) room *= 2;
  char *larger = room == s->room ? s->log : realloc(s->log, room);
  if (!larger) return 0;
  s->log = larger;
  s->room = room;
  return 1;
}

/* Appends a record; its payload is NULL for none. Without memory the stream fails. */
static void append(struct stream *s, unsigned kind, double at, const char *payload, size_t size) {
  size_t whole = record_size(size);
  if (!s->error && s->logged + whole > s->room && !make_room(s, whole)) s->error = ENOMEM, s->over = 1;
  if (s->error) return;
  struct record head = {at, kind, (uint32_t)size};
  char *to = s->log + s->logged;
  memcpy(to, &head, sizeof head);
  if (size) memcpy(to + sizeof head, payload, size);
  s->logged += whole;
}

static int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c |= 32;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Reads a chunk's size of up to 7 digits and its line's end. NULL for anything else, an incomplete line, and 0. */
static const char *read_size(const char *p, const char *end, uint64_t *size) {
  const char *from = p;
  uint64_t value = 0;
  for (int digit; p < end && (digit = digit_of(*p)) >= 0; p++) {
    if (p - from == 7) return NULL;
    value = 16 * value + (uint64_t)digit;
  }
  if (value == 0 || end - p < 2 || p[0] != '\r' || p[1] != '\n') return NULL;
  *size = value;
  return p + 2;
}

static int is_numeric(char c) { return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || (c | 32) == 'e'; }

/* Follows a part of the pattern, in which NUMBER stands for any number. Returns its end; NULL for other bytes. */
static const char *follow(const char *part, size_t length, const char *p, const char *end) {
  for (const char *last = part + length;;) {
    const char *number = memchr(part, NUMBER, (size_t)(last - part));
    size_t same = (size_t)((number ? number : last) - part);
    if ((size_t)(end - p) < same || memcmp(p, part, same)) return NULL;
    p += same;
    if (!number) return p;
    part = number + 1;
    const char *from = p;
    while (p < end && is_numeric(*p)) p++;
    if (p == from) return NULL;
  }
}

/* End of the event at `p`, and its text. NULL where it is different, incomplete, empty or escaped. */
static const char *match(const struct stream *s, const char *p, const char *end, const char **text, size_t *length) {
  const char *from = follow(s->around, s->before, p, end), *at = from;
  while (at && at < end && *at != '"' && *at != '\\' && (unsigned char)*at >= 0x20) at++;
  if (at == from || at == end || *at != '"') return NULL;
  *text = from;
  *length = (size_t)(at - from);
  return follow(s->around + s->before, s->after, at, end);
}

/* Takes an event at `p`; returns its end. NULL where it does not fit, or its end is the body's, which JavaScript notes. */
static const char *take_event(struct stream *s, const char *p, const char *end, double at) {
  int is_sized = s->place != UNTIL_CLOSE;
  size_t length;
  const char *text;
  if (is_sized && s->left < (size_t)(end - p)) end = p + s->left;
  const char *next = match(s, p, end, &text, &length);
  if (!next || (s->place == IN_BODY && (size_t)(next - p) == s->left)) return NULL;
  append(s, TEXT | (unsigned)(next - p) << KIND_BITS, at, text, length);
  if (is_sized) s->left -= (size_t)(next - p);
  if (s->place == IN_CHUNK && s->left == 0) s->place = AFTER_CHUNK;
  return next;
}

/* Takes what fits; returns the first byte that does not. */
static const char *take_fitting(struct stream *s, const char *p, const char *end, double at) {
  while (p < end) {
    const char *next;
    if (s->place == AT_SIZE) {
      next = read_size(p, end, &s->left);
      if (next) s->place = IN_CHUNK;
    } else if (s->place == AFTER_CHUNK) {
      next = end - p >= 2 && p[0] == '\r' && p[1] == '\n' ? p + 2 : NULL;
      if (next) s->place = AT_SIZE;
    } else {
      next = take_event(s, p, end, at);
    }
    if (!next) break;
    p = next;
  }
  return p;
}

int stream_feed(struct stream *s, const char *bytes, size_t length, double at) {
  const char *p = bytes, *end = bytes + length;
  /* A clock that was set back must not turn instants around. */
  if (at < s->last_at) at = s->last_at;
  s->last_at = at;
  s->received += (double)length;
  if (s->armed) {
    p = take_fitting(s, p, end, at);
    if (p == end) return s->error || s->logged - s->taken > LOG_FULL;
    s->armed = 0;
    append(s, PLACE + s->place, (double)s->left, NULL, 0);
  }
  append(s, RAW, at, p, (size_t)(end - p));
  return 1;
}

size_t stream_take(struct stream *s, char *into, size_t room) {
  size_t from = s->taken, to = from;
  while (to < s->logged) {
    struct record head;
    memcpy(&head, s->log + to, sizeof head);
    size_t whole = record_size(head.size);
    if (to + whole - from > room) break;
    to += whole;
  }
  if (to > from) memcpy(into, s->log + from, to - from);
  if (to == s->logged) s->logged = s->taken = 0;
  else s->taken = to;
  return to - from;
}

int stream_arm(struct stream *s, const char *around, size_t length, size_t before, unsigned place, uint64_t left) {
  if (s->logged > 0 || s->over || place >= PLACES) return 0;
  if (length > PATTERN_LONGEST || before < PATTERN_SHORTEST || before >= length) return 0;
  char *copy = realloc(s->around, length);
  if (!copy) return 0;
  memcpy(copy, around, length);
  s->around = copy;
  s->before = (uint32_t)before;
  s->after = (uint32_t)(length - before);
  s->place = (uint8_t)place;
  s->left = left;
  s->armed = 1;
  return 1;
}

void stream_reset(struct stream *s) {
  if (s->room > LOG_KEPT) {
    free(s->log);
    s->log = NULL;
    s->room = 0;
  }
  s->fd = -1;
  s->armed = s->listed = s->waiting = s->over = s->place = 0;
  s->error = 0;
  s->received = s->last_at = 0;
  s->left = s->logged = s->taken = 0;
}

void stream_free(struct stream *s) {
  pthread_mutex_destroy(&s->lock);
  free(s->log);
  free(s->around);
}
