/*
 * The reader as a module of Node (Node-API 8), one for each JavaScript thread:
 *
 *     start(onNews, news)          starts it; `onNews(count)` is called with the ids of streams in `news`, an Int32Array,
 *                                  and is not called again before `news()` has returned 0
 *     news()                       puts the ids of further streams in `news`; returns how many
 *     open(fd)                     id of a stream that reads a socket, -1 to be fed; negative for an error number
 *     close(id)                    must be called before the socket is closed
 *     take(id, bytes)              moves records to `bytes`; returns their end. They begin after a header of 24 bytes:
 *                                  bytes received, bytes of records that are left (double each), 1 where no more will
 *                                  come, and an error number (int32 each)
 *     arm(id, around, before, place, left)   recognizes events from now on; false where that cannot be
 *     feed(id, bytes, at)          feeds a stream, for tests
 *     takeFigures(values)          moves the figures since the last call to a Float64Array, see reader.h
 *     probes(values)               moves what probes found to a Float64Array; returns how many
 */
#include <node_api.h>
#include <stdlib.h>
#include <string.h>
#include "reader.h"

#define HEADER 24
#define MOST_ARGUMENTS 5

struct addon {
  struct reader reader;
  napi_threadsafe_function tell;
  napi_ref news;
};

/* Arguments of a call, and the reader of its thread. */
struct call {
  napi_env env;
  napi_value arguments[MOST_ARGUMENTS];
  struct addon *addon;
};

static int begin(napi_env env, napi_callback_info info, struct call *call) {
  size_t count = MOST_ARGUMENTS;
  call->env = env;
  call->addon = NULL;
  napi_get_cb_info(env, info, &count, call->arguments, NULL, NULL);
  napi_get_instance_data(env, (void **)&call->addon);
  if (call->addon) return 1;
  napi_throw_error(env, NULL, "the reader was not started");
  return 0;
}

static struct stream *stream_in(const struct call *call) {
  int32_t id = -1;
  napi_get_value_int32(call->env, call->arguments[0], &id);
  struct stream *s = reader_stream(&call->addon->reader, id);
  if (!s) napi_throw_range_error(call->env, NULL, "there is no such stream");
  return s;
}

/* Memory of a typed array or Buffer, and its size in bytes. NULL, and an exception, for anything else. */
static void *bytes_in(napi_env env, napi_value value, size_t *size) {
  napi_typedarray_type type;
  size_t length;
  void *data;
  if (napi_get_typedarray_info(env, value, &type, &length, &data, NULL, NULL) != napi_ok) {
    napi_throw_type_error(env, NULL, "a typed array was expected");
    return NULL;
  }
  *size = length * (type == napi_float64_array ? 8 : type == napi_int32_array ? 4 : 1);
  return data;
}

static napi_value integer(napi_env env, int32_t value) {
  napi_value result;
  napi_create_int32(env, value, &result);
  return result;
}

/* Puts the ids of streams with news where JavaScript sees them. */
static int32_t put_news(napi_env env, struct addon *addon) {
  napi_value news;
  size_t size = 0;
  napi_get_reference_value(env, addon->news, &news);
  int32_t *ids = bytes_in(env, news, &size);
  return ids ? (int32_t)reader_news(&addon->reader, ids, size / sizeof *ids) : 0;
}

/* Runs in JavaScript's thread. One call for as many streams as fit: more would keep the loop of events from turning. */
static void on_news(napi_env env, napi_value callback, void *context, void *data) {
  (void)data;
  if (!env) return;
  napi_value undefined, argument = integer(env, put_news(env, context));
  napi_get_undefined(env, &undefined);
  napi_call_function(env, undefined, callback, 1, &argument, NULL);
}

/* Runs in the reader's thread. */
static void tell(struct reader *reader) {
  struct addon *addon = reader->context;
  napi_call_threadsafe_function(addon->tell, NULL, napi_tsfn_nonblocking);
}

/* Runs when the thread of JavaScript ends, before what calls it is gone. */
static void clean_up(void *context) {
  reader_stop(&((struct addon *)context)->reader);
}

static void free_addon(napi_env env, void *data, void *hint) {
  (void)env, (void)hint;
  free(data);
}

static napi_value start(napi_env env, napi_callback_info info) {
  napi_value arguments[2], name;
  size_t count = 2;
  struct addon *addon = NULL;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  napi_get_instance_data(env, (void **)&addon);
  if (addon) return napi_throw_error(env, NULL, "the reader was started before"), NULL;
  addon = calloc(1, sizeof *addon);
  if (!addon) return napi_throw_error(env, NULL, "out of memory"), NULL;
  addon->reader.context = addon;
  addon->reader.tell = tell;
  napi_create_string_utf8(env, "tokenswarm:reader", NAPI_AUTO_LENGTH, &name);
  if (napi_create_threadsafe_function(env, arguments[0], NULL, name, 0, 1, addon, free_addon, addon, on_news,
                                      &addon->tell) != napi_ok) {
    free(addon);
    return napi_throw_type_error(env, NULL, "a function was expected"), NULL;
  }
  /* What waits for an answer keeps the process, not the reader. */
  napi_unref_threadsafe_function(env, addon->tell);
  int error = reader_start(&addon->reader);
  if (error) {
    napi_release_threadsafe_function(addon->tell, napi_tsfn_abort);
    return napi_throw_error(env, NULL, strerror(error)), NULL;
  }
  napi_create_reference(env, arguments[1], 1, &addon->news);
  napi_set_instance_data(env, addon, NULL, NULL);
  napi_add_env_cleanup_hook(env, clean_up, addon);
  return NULL;
}

static napi_value more_news(napi_env env, napi_callback_info info) {
  struct call call;
  return begin(env, info, &call) ? integer(env, put_news(env, call.addon)) : NULL;
}

static napi_value open_stream(napi_env env, napi_callback_info info) {
  struct call call;
  int32_t fd = -1;
  if (!begin(env, info, &call)) return NULL;
  napi_get_value_int32(env, call.arguments[0], &fd);
  return integer(env, reader_open(&call.addon->reader, fd));
}

static napi_value close_stream(napi_env env, napi_callback_info info) {
  struct call call;
  struct stream *s = begin(env, info, &call) ? stream_in(&call) : NULL;
  if (s) reader_close(&call.addon->reader, s->id);
  return NULL;
}

static napi_value take(napi_env env, napi_callback_info info) {
  struct call call;
  size_t room = 0;
  struct stream *s = begin(env, info, &call) ? stream_in(&call) : NULL;
  char *bytes = s ? bytes_in(env, call.arguments[1], &room) : NULL;
  if (!bytes || room < HEADER) return NULL;
  pthread_mutex_lock(&s->lock);
  size_t size = stream_take(s, bytes + HEADER, room - HEADER);
  const double counts[2] = {s->received, (double)(s->logged - s->taken)};
  const int32_t state[2] = {s->over && s->logged == 0, s->error};
  memcpy(bytes, counts, sizeof counts);
  memcpy(bytes + sizeof counts, state, sizeof state);
  s->listed = 0;
  reader_resume(&call.addon->reader, s);
  pthread_mutex_unlock(&s->lock);
  return integer(env, (int32_t)(HEADER + size));
}

static napi_value arm(napi_env env, napi_callback_info info) {
  struct call call;
  napi_value result;
  size_t length = 0;
  uint32_t before = 0, place = PLACES;
  double left = 0;
  struct stream *s = begin(env, info, &call) ? stream_in(&call) : NULL;
  char *around = s ? bytes_in(env, call.arguments[1], &length) : NULL;
  if (!around) return NULL;
  napi_get_value_uint32(env, call.arguments[2], &before);
  napi_get_value_uint32(env, call.arguments[3], &place);
  napi_get_value_double(env, call.arguments[4], &left);
  int is_armed = 0;
  if (left >= 0 && left <= 9007199254740991.0) {
    pthread_mutex_lock(&s->lock);
    is_armed = stream_arm(s, around, length, before, place, (uint64_t)left);
    pthread_mutex_unlock(&s->lock);
  }
  napi_get_boolean(env, is_armed, &result);
  return result;
}

static napi_value feed(napi_env env, napi_callback_info info) {
  struct call call;
  size_t length = 0;
  double at = 0;
  struct stream *s = begin(env, info, &call) ? stream_in(&call) : NULL;
  char *bytes = s ? bytes_in(env, call.arguments[1], &length) : NULL;
  if (!bytes || length > READ_SIZE) return NULL;
  napi_get_value_double(env, call.arguments[2], &at);
  pthread_mutex_lock(&s->lock);
  stream_feed(s, bytes, length, at);
  pthread_mutex_unlock(&s->lock);
  return NULL;
}

static napi_value take_figures(napi_env env, napi_callback_info info) {
  struct call call;
  size_t size = 0;
  char *values = begin(env, info, &call) ? bytes_in(env, call.arguments[0], &size) : NULL;
  if (!values || size < sizeof call.addon->reader.figures) return NULL;
  pthread_mutex_lock(&call.addon->reader.lock);
  memcpy(values, call.addon->reader.figures, sizeof call.addon->reader.figures);
  memset(call.addon->reader.figures, 0, CLOCKS * sizeof *call.addon->reader.figures);
  pthread_mutex_unlock(&call.addon->reader.lock);
  return NULL;
}

static napi_value probes(napi_env env, napi_callback_info info) {
  struct call call;
  size_t size = 0;
  double *values = begin(env, info, &call) ? bytes_in(env, call.arguments[0], &size) : NULL;
  return values ? integer(env, (int32_t)reader_probes(&call.addon->reader, values, size / sizeof *values)) : NULL;
}

NAPI_MODULE_INIT() {
  const napi_property_descriptor functions[] = {
      {"start", 0, start, 0, 0, 0, napi_default, 0},         {"open", 0, open_stream, 0, 0, 0, napi_default, 0},
      {"close", 0, close_stream, 0, 0, 0, napi_default, 0},  {"take", 0, take, 0, 0, 0, napi_default, 0},
      {"arm", 0, arm, 0, 0, 0, napi_default, 0},             {"feed", 0, feed, 0, 0, 0, napi_default, 0},
      {"takeFigures", 0, take_figures, 0, 0, 0, napi_default, 0}, {"probes", 0, probes, 0, 0, 0, napi_default, 0},
      {"news", 0, more_news, 0, 0, 0, napi_default, 0},
  };
  napi_define_properties(env, exports, sizeof functions / sizeof *functions, functions);
  return exports;
}
