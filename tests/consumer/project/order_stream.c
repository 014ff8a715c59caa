#include "order_stream.h"

#include <stddef.h>
#include <string.h>

#define DAY INT64_C(86400000000)
#define LINES 6

/* 13 days from 2011-12-01 00:00 UTC. */
#define FIRST (INT64_C(15309) * DAY)

static const char contact_bytes[] = "annannbobbobeveeve";
static const int32_t contact_offsets[LINES + 1] = {0, 3, 6, 9, 12, 15, 18};
static const int64_t times[LINES] = {FIRST,           FIRST + 8 * DAY, FIRST + 2 * DAY,
                                     FIRST + 2 * DAY, FIRST + 4 * DAY, FIRST + 30 * DAY};
static const int64_t amounts[LINES] = {1000, 2550, 300, -100, 700, 9900};

static const char* const names[] = {"contact", "time", "amount"};
static const char* const formats[] = {"u", "tsu:UTC", "l"};
static const void* const buffers[3][3] = {
    {NULL, contact_offsets, contact_bytes}, {NULL, times, NULL}, {NULL, amounts, NULL}};

static struct ArrowSchema schemas[3];
static struct ArrowSchema* schema_children[3];
static struct ArrowArray arrays[3];
static struct ArrowArray* array_children[3];
static const void* no_validity[1] = {NULL};
static int given;

static void release_schema(struct ArrowSchema* schema) { schema->release = NULL; }
static void release_array(struct ArrowArray* array) { array->release = NULL; }
static void release_stream(struct ArrowArrayStream* stream) { stream->release = NULL; }

static int get_schema(struct ArrowArrayStream* stream, struct ArrowSchema* out) {
  (void)stream;
  for (int i = 0; i < 3; ++i) {
    memset(&schemas[i], 0, sizeof(schemas[i]));
    schemas[i].name = names[i];
    schemas[i].format = formats[i];
    schemas[i].release = release_schema;
    schema_children[i] = &schemas[i];
  }
  memset(out, 0, sizeof(*out));
  out->format = "+s";
  out->n_children = 3;
  out->children = schema_children;
  out->release = release_schema;
  return 0;
}

static int get_next(struct ArrowArrayStream* stream, struct ArrowArray* out) {
  (void)stream;
  memset(out, 0, sizeof(*out));
  if (given) {
    return 0;
  }
  given = 1;
  for (int i = 0; i < 3; ++i) {
    memset(&arrays[i], 0, sizeof(arrays[i]));
    arrays[i].length = LINES;
    arrays[i].n_buffers = i == 0 ? 3 : 2;
    arrays[i].buffers = (const void**)buffers[i];
    arrays[i].release = release_array;
    array_children[i] = &arrays[i];
  }
  out->length = LINES;
  out->n_buffers = 1;
  out->buffers = no_validity;
  out->n_children = 3;
  out->children = array_children;
  out->release = release_array;
  return 0;
}

static const char* get_last_error(struct ArrowArrayStream* stream) {
  (void)stream;
  return NULL;
}

void open_order_stream(struct ArrowArrayStream* out) {
  given = 0;
  memset(out, 0, sizeof(*out));
  out->get_schema = get_schema;
  out->get_next = get_next;
  out->get_last_error = get_last_error;
  out->release = release_stream;
}
