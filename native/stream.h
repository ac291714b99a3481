/* Bytes of one socket on their way to JavaScript, and the recognition of events that differ in their text alone. */
#ifndef TOKENSWARM_STREAM_H
#define TOKENSWARM_STREAM_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

/* Place within a response body. JavaScript has the same numbers in native-addon.ts. */
enum place { AT_SIZE, IN_CHUNK, AFTER_CHUNK, IN_BODY, UNTIL_CLOSE, PLACES };

/*
 * Kinds of records. RAW: bytes as read. TEXT: the text of an event that fits the pattern, above KIND_BITS the size of
 * that event. From PLACE on the kind is PLACE + a place, `at` the bytes left there, and there is no payload: JavaScript
 * goes on parsing from that place.
 */
enum kind { RAW, TEXT, PLACE };
#define KIND_BITS 8

/* Header of a record. Its payload follows, padded to 8 bytes. */
struct record {
  double at;
  uint32_t kind, size;
};

/* Bytes of a record with this payload. */
static inline size_t record_size(uint32_t payload) { return (sizeof(struct record) + payload + 7) & ~(size_t)7; }

/* Most bytes of one read. */
#define READ_SIZE (64 * 1024)
/* Untaken bytes at which JavaScript is called although nothing needs it, and at which reading stops until it has taken. */
#define LOG_FULL (128 * 1024)
#define LOG_LONGEST (1024 * 1024)
/* Byte of a pattern that stands for any number. */
#define NUMBER 1
/* Longest pattern accepted, and its shortest parts: a record of a text is never much longer than its event. */
#define PATTERN_LONGEST 4096
#define PATTERN_SHORTEST 8

/* Socket and the log of what it received. All fields are guarded by `lock`; `id` never changes. */
struct __attribute__((aligned(64))) stream {
  pthread_mutex_t lock;
  int32_t id;
  /* -1 for a stream that is not in use, or is fed by a test. */
  int fd;
  /* Events that fit the pattern are recognized; anything else makes the stream raw again. */
  uint8_t armed;
  /* Listed for JavaScript's next call, waiting for room, at its end. */
  uint8_t listed, waiting, over;
  uint8_t place;
  /* Error number of the socket; 0 without one. */
  int error;
  /* Bytes left of the chunk or body. */
  uint64_t left;
  double received, last_at;
  /* Bytes before an event's text, then those after it. */
  char *around;
  uint32_t before, after;
  /* Records, of which the first `taken` bytes are JavaScript's already. */
  char *log;
  size_t logged, taken, room;
};

/* Takes bytes read at `at`; returns true where JavaScript is to be called. Never keeps a reference. */
int stream_feed(struct stream *s, const char *bytes, size_t length, double at);

/* Moves whole records to `into`; returns their size in bytes. */
size_t stream_take(struct stream *s, char *into, size_t room);

/*
 * Recognizes events from now on, in a body at `place` with `left` bytes to come there. Returns false where records are
 * untaken, the pattern is too long, or the place is unknown.
 */
int stream_arm(struct stream *s, const char *around, size_t length, size_t before, unsigned place, uint64_t left);

/* Forgets everything of a socket, for the next one. */
void stream_reset(struct stream *s);
/* Frees what a stream holds, at its reader's end. */
void stream_free(struct stream *s);

#endif
