/*
 * Feeds bodies of answers, whole and damaged, to the reader's streams, cut anywhere, and compares what comes out with a
 * plain parser of chunked bodies: recognized events and raw bytes have to make up the same body.
 *
 *     fuzz BYTES SEED      prints the bytes fed, events recognized and bodies; exit code 1 at the first difference
 *
 * To be built with -fsanitize=address,undefined, together with native/stream.c.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "stream.h"

#define LONGEST (256 * 1024)

static uint64_t state;

static uint32_t random_upto(uint32_t most) {
  state ^= state << 13, state ^= state >> 7, state ^= state << 17;
  return (uint32_t)((state >> 11) % ((uint64_t)most + 1));
}

static int chance(uint32_t percent) { return random_upto(99) < percent; }

/* Plain parser: the bytes of a body from a place on. Stops at what is no chunked body. */
struct parser {
  int place, is_stopped;
  uint64_t left;
  char *body;
  /* Bytes put together, and the body's, which recognized events have told. */
  size_t size, whole;
  int digits;
};

static void put(struct parser *p, const char *bytes, size_t n) {
  memcpy(p->body + p->size, bytes, n);
  p->size += n;
}

static void parse(struct parser *p, const char *bytes, size_t n) {
  for (size_t i = 0; i < n && !p->is_stopped; i++) {
    char c = bytes[i];
    switch (p->place) {
      case AT_SIZE: {
        const char *hex = "0123456789abcdef", *found = strchr(hex, c >= 'A' && c <= 'F' ? c + 32 : c);
        if (c && found && p->digits < 12) p->left = 16 * p->left + (uint64_t)(found - hex), p->digits++;
        else if (c == '\n' && p->digits && p->left) p->place = IN_CHUNK, p->digits = 0;
        else if (c != '\r' || !p->digits) p->is_stopped = 1;
        break;
      }
      case AFTER_CHUNK:
        if (c == '\n') p->place = AT_SIZE;
        else if (c != '\r') p->is_stopped = 1;
        break;
      default:
        put(p, &c, 1), p->whole++;
        if (p->place != UNTIL_CLOSE && --p->left == 0) {
          if (p->place == IN_CHUNK) p->place = AFTER_CHUNK;
          else p->is_stopped = 1;
        }
    }
  }
}

static const char *TEXTS[] = {"a", " token", "\xc3\xbc", "\xe5\xa5\xbd", "\\n", "\\\"", "", "\"", "\t", "}", "\xff\xfe"};

static const char *NUMBERS[] = {"%u.%u", "-%ue+%u", ""};

/* Writes an event, with a number in each place of NUMBER; returns its size. */
static int put_event(char *to, const char *before, const char *text, const char *after) {
  char plain[512];
  int size = 0;
  snprintf(plain, sizeof plain, "%s%s%s", before, text, after);
  for (const char *p = plain; *p; p++)
    if (*p == NUMBER) size += sprintf(to + size, NUMBERS[chance(90) ? 0 : random_upto(2)], random_upto(999), random_upto(9));
    else to[size++] = *p;
  return size;
}

/* Replaces NUMBER and what a number may consist of by one digit, since recognized events lack their numbers. */
static size_t level(char *bytes, size_t size) {
  size_t to = 0;
  for (size_t i = 0; i < size; i++) {
    int is_number = bytes[i] && strchr("0123456789.-+eE\1", bytes[i]);
    if (!is_number || !to || bytes[to - 1] != '0') bytes[to++] = is_number ? '0' : bytes[i];
  }
  return to;
}

/* Writes a body whose events mostly fit the pattern; returns its size. */
static size_t write_body(char *to, const char *before, const char *after, int is_chunked) {
  size_t size = 0;
  for (uint32_t n = random_upto(60); n > 0 && size < LONGEST / 2; n--) {
    char event[4096];
    int length = 0;
    for (uint32_t events = chance(80) ? 1 : 1 + random_upto(4); events > 0; events--)
      length += put_event(event + length, chance(97) ? before : "data: ",
                          TEXTS[chance(85) ? random_upto(3) : random_upto(10)], chance(97) ? after : "\n\n");
    if (is_chunked) size += (size_t)sprintf(to + size, chance(98) ? "%x\r\n" : "%X;x=1\r\n", length);
    memcpy(to + size, event, (size_t)length);
    size += (size_t)length;
    if (is_chunked) to[size++] = '\r', to[size++] = '\n';
  }
  if (chance(50)) size += (size_t)sprintf(to + size, "0\r\n\r\n");
  return size;
}

static size_t damage(char *bytes, size_t size) {
  for (uint32_t n = chance(50) ? 0 : random_upto(4); n > 0 && size > 0; n--) {
    uint32_t at = random_upto((uint32_t)size - 1);
    if (chance(60)) bytes[at] = (char)random_upto(255);
    else if (chance(50)) size = at;
    else memmove(bytes + at, bytes + at + 1, size - at - 1), size--;
  }
  return size;
}

/* Takes all records and puts the body's bytes together. */
static size_t drain(struct stream *s, struct parser *p, const char *around, size_t before, size_t length) {
  static char page[READ_SIZE + 64];
  size_t events = 0;
  for (size_t size; (size = stream_take(s, page, sizeof page)) > 0;)
    for (size_t at = 0; at < size;) {
      struct record head;
      memcpy(&head, page + at, sizeof head);
      char *payload = page + at + sizeof head;
      at += record_size(head.size);
      if (at > size) return fputs("a record is longer than its page\n", stderr), abort(), 0;
      if (head.kind == RAW) parse(p, payload, head.size);
      else if ((head.kind & 0xff) == TEXT) {
        put(p, around, before), put(p, payload, head.size), put(p, around + before, length - before);
        p->whole += head.kind >> KIND_BITS;
        events++;
      } else p->place = (int)(head.kind - PLACE), p->left = (uint64_t)head.at;
    }
  return events;
}

int main(int count, char **arguments) {
  double most = count > 1 ? atof(arguments[1]) : 1e6, fed = 0, events = 0, bodies = 0;
  state = (count > 2 ? strtoull(arguments[2], NULL, 10) : 1) * 0x9e3779b97f4a7c15u | 1;
  char *bytes = calloc(1, LONGEST + 8), *ours = malloc(4 * LONGEST), *plain = malloc(4 * LONGEST);
  struct stream *s = aligned_alloc(64, sizeof *s);
  memset(s, 0, sizeof *s);
  for (; fed < most; bodies++) {
    char around[256];
    const char *number = chance(50) ? "\"n\":\1," : "", *last = chance(50) ? ",\"m\":\1" : "";
    int before = sprintf(around, "data: {\"id\":\"%u\",%s\"content\":\"", random_upto(99999), number);
    int length = before + sprintf(around + before, "\"%s}%s", last, chance(80) ? "\n\n" : "\r\n\r\n");
    char first[128] = {0}, *after = around + before;
    memcpy(first, around, (size_t)before);
    int place = chance(50) ? AT_SIZE : (int)random_upto(PLACES - 1);
    size_t size = damage(bytes, write_body(bytes, first, after, place < IN_BODY));
    uint64_t left = place == AT_SIZE ? 0 : place == IN_BODY ? size + random_upto(9) : random_upto(200) + 1;
    if (place == AFTER_CHUNK) left = 0;
    stream_reset(s);
    if (!stream_arm(s, around, (size_t)length, (size_t)before, (unsigned)place, left)) return 1;
    struct parser mine = {.place = place, .left = left, .body = ours}, theirs = {.place = place, .left = left, .body = plain};
    size_t longest = chance(50) ? 300 : chance(50) ? 30 : LONGEST;
    for (size_t at = 0, n; at < size; at += n) {
      n = 1 + random_upto((uint32_t)longest - 1);
      /* Mostly up to the end of an event, as servers write them. */
      char *end = chance(70) ? memmem(bytes + at, size - at, "\n\n", 2) : NULL;
      if (end) n = (size_t)(end + 2 - bytes) - at + (chance(90) && !memcmp(end, "\n\n\r\n", 4) ? 2 : 0);
      if (n > size - at) n = size - at;
      if (n > READ_SIZE) n = READ_SIZE;
      /* A copy of exactly this size, so that a read beyond it is found. */
      char *piece = malloc(n);
      memcpy(piece, bytes + at, n);
      stream_feed(s, piece, n, (double)at);
      free(piece);
      if (chance(50)) continue;
      events += (double)drain(s, &mine, around, (size_t)before, (size_t)length);
      /* As JavaScript does once it is between events; that it may be within one changes nothing here. */
      if (!s->armed && !mine.is_stopped && !mine.digits && chance(80))
        stream_arm(s, around, (size_t)length, (size_t)before, (unsigned)mine.place, mine.left);
    }
    events += (double)drain(s, &mine, around, (size_t)before, (size_t)length);
    parse(&theirs, bytes, size);
    fed += (double)size + 1;
    mine.size = level(ours, mine.size), theirs.size = level(plain, theirs.size);
    int is_same = mine.size == theirs.size && mine.whole == theirs.whole && !memcmp(ours, plain, mine.size);
    if (is_same && s->received == (double)size) continue;
    fprintf(stderr, "body %.0f differs: %zu bytes, expected %zu\n", bodies, mine.size, theirs.size);
    return 1;
  }
  stream_reset(s);
  free(s->log), free(s->around), free(s), free(bytes), free(ours), free(plain);
  printf("{\"bytes\":%.0f,\"events\":%.0f,\"bodies\":%.0f}\n", fed, events, bodies);
  return 0;
}
