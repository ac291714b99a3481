/*
 * A server cheap enough not to be the limit, in one thread: it streams tokens at a fixed pace, each of which says
 * when it was written, as vLLM frames them, and knows the true time to first token of every request.
 *
 *     target                    prints the port that it listens on
 *     POST anything             a stream; the model's name sets it: bench-ttft50-itl20-len100, with -lock all streams
 *                               emit on the same ticks, as a server does that batches
 *     GET /v1/models, GET /plain
 *     GET /done                 how many tokens it has written and how many requests for /plain it has answered so far
 *     GET /stats                what was true since the last /stats, as JSON
 */
#define _GNU_SOURCE
#include "values.h"
#include <arpa/inet.h>
#include <errno.h>
#include <math.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define LONGEST_REQUEST 65536
#define MOST_EVENTS 1024
#define FIRST_PORT 20000
#define PORTS 10000

struct stream {
  int fd, heap_at; /* place in the heap, or -1 */
  size_t read;
  char *request;
  double arrived_at, due_at, itl;
  int token, tokens, lock;
};

/* The number behind `key` in text, or `otherwise` where there is none. */
static double number_after(const char *text, const char *key, double otherwise) {
  const char *found = strstr(text, key);
  return found ? strtod(found + strlen(key), NULL) : otherwise;
}

static struct stream **heap;
static int heap_size, heap_room, poller;
static struct values ttft, lateness;
static double tokens_written, plain_answered;

static void place(struct stream *s, int at) {
  heap[at] = s;
  s->heap_at = at;
}

static void sift(int at) {
  struct stream *s = heap[at];
  for (int up; at > 0 && heap[up = (at - 1) / 2]->due_at > s->due_at; at = up) place(heap[up], at);
  for (int down; (down = 2 * at + 1) < heap_size; at = down) {
    if (down + 1 < heap_size && heap[down + 1]->due_at < heap[down]->due_at) down++;
    if (heap[down]->due_at >= s->due_at) break;
    place(heap[down], at);
  }
  place(s, at);
}

static void schedule(struct stream *s, double due_at) {
  s->due_at = s->lock ? ceil(due_at / s->itl) * s->itl : due_at;
  if (s->heap_at < 0) {
    if (heap_size == heap_room) heap = realloc(heap, (heap_room = 2 * heap_room + 64) * sizeof *heap);
    place(s, heap_size++);
  }
  sift(s->heap_at);
}

static void unschedule(struct stream *s) {
  int at = s->heap_at;
  if (at < 0) return;
  s->heap_at = -1;
  struct stream *last = heap[--heap_size];
  if (last == s) return;
  place(last, at);
  sift(at);
}

static void drop(struct stream *s) {
  unschedule(s);
  close(s->fd);
  free(s->request);
  free(s);
}

static void say(struct stream *s, const char *text, size_t length) {
  /* A client that does not read is cut off below, when its next token cannot be written either. */
  if (send(s->fd, text, length, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 && errno != EAGAIN) shutdown(s->fd, SHUT_RDWR);
}

static void answer(struct stream *s, const char *body) {
  char text[4096];
  int length = snprintf(text, sizeof text,
                        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %zu\r\n\r\n%s",
                        strlen(body), body);
  say(s, text, length);
}

static void count(struct stream *s) {
  char body[128];
  snprintf(body, sizeof body, "{\"tokens\":%.0f,\"requests\":%.0f}", tokens_written, plain_answered);
  answer(s, body);
}

static void tell(struct stream *s) {
  char body[512];
  snprintf(body, sizeof body, "{\"ttft\":{\"count\":%zu,\"mean\":%.4f,\"p99\":%.4f},\"latenessP99\":%.4f}", ttft.count,
           mean_of(&ttft), percentile_of(&ttft, 99), percentile_of(&lateness, 99));
  ttft.count = lateness.count = 0;
  answer(s, body);
}

static void begin(struct stream *s, const char *body) {
  static const char head[] = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
  const char *model = strstr(body, "\"model\"");
  if (!model) model = "";
  s->itl = number_after(model, "-itl", 20);
  s->tokens = number_after(model, "-len", 50);
  s->lock = strstr(model, "-lock") != NULL;
  s->token = 0;
  say(s, head, sizeof head - 1);
  schedule(s, s->arrived_at + number_after(model, "-ttft", 50));
}

/* One token, and with the last one the end of the stream, in one write. */
static void emit(struct stream *s) {
  static const char rest[] =
      "data: {\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"bench\",\"choices\":[";
  char event[2048], text[4096];
  double now = now_ms();
  int length = snprintf(event, sizeof event,
                        "%s{\"index\":0,\"delta\":{\"content\":\" %.3f\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n",
                        rest, now);
  int last = ++s->token == s->tokens;
  if (last)
    length += snprintf(event + length, sizeof event - length,
                       "%s{\"index\":0,\"delta\":{},\"finish_reason\":\"length\"}]}\n\n%s],\"usage\":{\"prompt_tokens\":8,"
                       "\"completion_tokens\":%d,\"total_tokens\":%d}}\n\ndata: [DONE]\n\n",
                       rest, rest, s->tokens, s->tokens + 8);
  int whole = snprintf(text, sizeof text, "%x\r\n%s\r\n%s", length, event, last ? "0\r\n\r\n" : "");
  say(s, text, whole);
  tokens_written++;
  if (s->token == 1) add_value(&ttft, now - s->arrived_at);
  add_value(&lateness, now - s->due_at);
  if (last) unschedule(s);
  else schedule(s, s->due_at + s->itl);
}

/* Handles the request that has been read, if it is complete. */
static void handle(struct stream *s) {
  s->request[s->read] = 0;
  char *end = strstr(s->request, "\r\n\r\n");
  if (!end) return;
  char *body = end + 4;
  char *header = strcasestr(s->request, "\r\ncontent-length:");
  size_t length = header && header < end ? strtoul(header + 17, NULL, 10) : 0;
  if (s->read < (size_t)(body - s->request) + length) return;
  s->read = 0;
  if (!strncmp(s->request, "POST ", 5)) begin(s, body);
  else if (!strncmp(s->request, "GET /done", 9)) count(s);
  else if (!strncmp(s->request, "GET /stats", 10)) tell(s);
  else if (!strncmp(s->request, "GET /v1/models", 14)) answer(s, "{\"data\":[{\"id\":\"bench\"}]}");
  else plain_answered++, answer(s, "{\"hello\":\"world\"}");
}

static void receive(struct stream *s) {
  ssize_t got = recv(s->fd, s->request + s->read, LONGEST_REQUEST - s->read, MSG_DONTWAIT);
  if (got <= 0) {
    if (got == 0 || errno != EAGAIN) drop(s);
    return;
  }
  if (s->read == 0) s->arrived_at = now_ms();
  s->read += got;
  handle(s);
}

static void welcome(int listener) {
  for (int fd, on = 1; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
    struct stream *s = calloc(1, sizeof *s);
    s->fd = fd;
    s->heap_at = -1;
    s->request = malloc(LONGEST_REQUEST + 1);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    epoll_ctl(poller, EPOLL_CTL_ADD, fd, &(struct epoll_event){.events = EPOLLIN, .data.ptr = s});
  }
}

int main(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), tried = 0, failed;
  /* Below the ports that the kernel lends to clients, which may take any of them. Targets start side by side. */
  do address.sin_port = htons(FIRST_PORT + (getpid() + tried) % PORTS);
  while ((failed = bind(listener, (void *)&address, sizeof address)) && errno == EADDRINUSE && ++tried < PORTS);
  if (failed || listen(listener, 4096)) return perror("target"), 1;
  poller = epoll_create1(0);
  epoll_ctl(poller, EPOLL_CTL_ADD, listener, &(struct epoll_event){.events = EPOLLIN});
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  signal(SIGPIPE, SIG_IGN);
  for (struct epoll_event events[MOST_EVENTS];;) {
    double wait = heap_size ? heap[0]->due_at - now_ms() : 1e9;
    if (wait < 0) wait = 0;
    struct timespec timeout = {.tv_sec = wait / 1e3, .tv_nsec = fmod(wait, 1e3) * 1e6};
    int count = epoll_pwait2(poller, events, MOST_EVENTS, &timeout, NULL);
    if (count < 0 && errno != EINTR) return perror("epoll_pwait2"), 1;
    for (int i = 0; i < count; i++) events[i].data.ptr ? receive(events[i].data.ptr) : welcome(listener);
    while (heap_size && heap[0]->due_at <= now_ms()) emit(heap[0]);
  }
}
