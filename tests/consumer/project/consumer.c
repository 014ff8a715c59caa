/* The C API of the installed package. */
#include <stdio.h>
#include <string.h>

#include "order_stream.h"
#include <quintile/quintile.h>

#define CHECK(condition)                                                                 \
  do {                                                                                   \
    if (!(condition)) {                                                                  \
      fprintf(stderr, "line %d: %s: %s\n", __LINE__, #condition, quintile_last_error()); \
      return 1;                                                                          \
    }                                                                                    \
  } while (0)

static int check_rows(const quintile_generation* generation) {
  struct ArrowArrayStream rows;
  struct ArrowSchema schema;
  struct ArrowArray batch;
  CHECK(quintile_export_rows(generation, "classic5", &rows) == QUINTILE_OK);
  CHECK(rows.get_schema(&rows, &schema) == 0);
  CHECK(schema.n_children == 8 && strcmp(schema.children[3]->name, "monetary") == 0);
  schema.release(&schema);
  CHECK(rows.get_next(&rows, &batch) == 0 && batch.length == 3);
  const int32_t* recency = batch.children[1]->buffers[1];
  const int64_t* monetary = batch.children[3]->buffers[1];
  CHECK(recency[0] == 1 && recency[1] == 7 && recency[2] == 5); /* ann, bob, eve */
  CHECK(monetary[0] == 3550 && monetary[1] == 200 && monetary[2] == 700);
  batch.release(&batch);
  CHECK(rows.get_next(&rows, &batch) == 0 && batch.release == NULL);
  rows.release(&rows);
  return 0;
}

int main(void) {
  quintile_engine* engine = NULL;
  quintile_options options = {.time_zone = "Europe/Nowhere", .currency_decimals = 2};
  CHECK(quintile_engine_create(&options, &engine) == QUINTILE_INVALID_ARGUMENT);
  CHECK(strstr(quintile_last_error(), "Europe/Nowhere") != NULL);
  CHECK(quintile_engine_create(NULL, &engine) == QUINTILE_OK);

  struct ArrowArrayStream stream;
  quintile_ingest_counts counts;
  open_order_stream(&stream);
  CHECK(quintile_ingest_orders(engine, &stream, &counts) == QUINTILE_OK);
  CHECK(stream.release == NULL && counts.rows == 6 && counts.new_contacts == 3);

  CHECK(quintile_define_preset(engine, "clasic5") == QUINTILE_NOT_FOUND);
  CHECK(strstr(quintile_last_error(), "classic5") != NULL);
  CHECK(quintile_define_preset(engine, "classic5") == QUINTILE_OK);
  quintile_generation* generation = NULL;
  CHECK(quintile_current(engine, &generation) == QUINTILE_NOT_FOUND);
  CHECK(quintile_recompute(engine, "2011-12-10", &generation) == QUINTILE_OK);
  CHECK(quintile_generation_number(generation) == 1);

  size_t classes = 0;
  uint64_t contacts = 0;
  CHECK(quintile_class_count(generation, "classic5", &classes) == QUINTILE_OK && classes > 2);
  for (size_t code = 0; code < classes; ++code) {
    quintile_class info;
    char segment[128];
    uint64_t members = 0;
    CHECK(quintile_class_at(generation, "classic5", code, &info) == QUINTILE_OK);
    snprintf(segment, sizeof(segment), "classic5.%s", info.name);
    CHECK(quintile_segment_count(generation, segment, &members) == QUINTILE_OK);
    CHECK(members == info.contacts);
    contacts += info.contacts;
  }
  CHECK(contacts == 3);
  quintile_engine_destroy(engine);
  CHECK(check_rows(generation) == 0); /* outlives its engine */
  quintile_generation_release(generation);
  return 0;
}
