/*
 * The physical limit here: the least that a client can do. One thread, one buffer, one clock reading a read.
 *
 *     floor PORT STREAMS SECONDS MODEL SPREAD_MS     streams, each asked for anew when it has ended, on its own socket;
 *                                                    they start spread over so many milliseconds
 * Prints JSON: requests, events, time to first token and delay (read minus written) in milliseconds.
 */
#define _GNU_SOURCE
#include "values.h"
#include <arpa/inet.h>
#include <math.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST_EVENTS 1024
/* A token is the instant of its writing. */
static const char STAMP[] = "\"content\":\" ";

struct stream {
  int fd, begun;
  double sent_at;
};

static char buffer[1 << 16], request[1024];
static int request_length, events;
static struct values ttft, delay;

static void ask(struct stream *s) {
  s->begun = 0;
  s->sent_at = now_ms();
  if (send(s->fd, request, request_length, MSG_NOSIGNAL) != request_length) perror("send"), exit(1);
}

/* Events are taken to come whole, as a server's single writes do on loopback. Returns whether the stream has ended. */
static int receive(struct stream *s) {
  ssize_t got = recv(s->fd, buffer, sizeof buffer - 1, 0);
  double at = now_ms();
  if (got <= 0) fprintf(stderr, "the target closed a stream\n"), exit(1);
  buffer[got] = 0;
  for (char *found = buffer; (found = strstr(found, STAMP)); found += sizeof STAMP - 1) {
    add_value(&delay, at - strtod(found + sizeof STAMP - 1, NULL));
    events++;
    if (!s->begun++) add_value(&ttft, at - s->sent_at);
  }
  return got >= 7 && !memcmp(buffer + got - 7, "\r\n0\r\n\r\n", 7);
}

int main(int count, char **given) {
  if (count != 6) return fprintf(stderr, "floor PORT STREAMS SECONDS MODEL SPREAD_MS\n"), 2;
  int streams = atoi(given[2]), started = 0, running = 0;
  double spread = atof(given[5]), start = now_ms(), until = start + atof(given[3]) * 1e3;
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(atoi(given[1]))};
  char body[256];
  int length = snprintf(body, sizeof body, "{\"model\":\"%s\",\"stream\":true,\"messages\":[]}", given[4]);
  request_length = snprintf(request, sizeof request,
                            "POST /v1/chat/completions HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n"
                            "content-length: %d\r\n\r\n%s",
                            length, body);
  struct stream *all = calloc(streams, sizeof *all);
  int poller = epoll_create1(0), on = 1;
  for (int i = 0; i < streams; i++) {
    all[i].fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(all[i].fd, (void *)&address, sizeof address)) return perror("connect"), 1;
    setsockopt(all[i].fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    epoll_ctl(poller, EPOLL_CTL_ADD, all[i].fd, &(struct epoll_event){.events = EPOLLIN, .data.ptr = &all[i]});
  }
  for (struct epoll_event ready[MOST_EVENTS]; running || started < streams;) {
    double now = now_ms();
    while (started < streams && now >= start + spread * started / streams) ask(&all[started++]), running++;
    double wait = started < streams ? fmax(0, start + spread * started / streams - now) : 1e4;
    struct timespec timeout = {.tv_sec = wait / 1e3, .tv_nsec = fmod(wait, 1e3) * 1e6};
    int woken = epoll_pwait2(poller, ready, MOST_EVENTS, &timeout, NULL);
    for (int i = 0; i < woken; i++) {
      struct stream *s = ready[i].data.ptr;
      if (!receive(s)) continue;
      if (now_ms() < until) ask(s);
      else running--;
    }
  }
  printf("{\"requests\":%zu,\"events\":%d,\"ttft\":{\"mean\":%.4f,\"p99\":%.4f},\"delay\":{\"p50\":%.4f,\"p99\":%.4f}}\n",
         ttft.count, events, mean_of(&ttft), percentile_of(&ttft, 99), percentile_of(&delay, 50),
         percentile_of(&delay, 99));
}
