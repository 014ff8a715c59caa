/* The C interface of the engine: for languages that cannot use the C++ one.
 *
 * Every call that can fail returns a quintile_status; quintile_last_error() then has the message
 * for the calling thread. No exception leaves this interface. Texts are UTF-8; those handed in end
 * with NUL unless a length goes with them and are copied; those handed out live as long as the
 * object that they come from. A null engine or generation is refused with
 * QUINTILE_INVALID_ARGUMENT.
 *
 *   quintile_engine* engine = NULL;
 *   if (quintile_engine_create(NULL, &engine) != QUINTILE_OK) { puts(quintile_last_error()); }
 *   quintile_ingest_orders(engine, &stream, NULL);
 *   quintile_define_preset(engine, "retail");
 *   quintile_generation* now = NULL;
 *   quintile_recompute(engine, "2011-12-10", &now);
 *   quintile_export_rows(now, "retail", &rows);
 *   quintile_generation_release(now);
 *   quintile_engine_destroy(engine);
 */
#ifndef QUINTILE_QUINTILE_H_
#define QUINTILE_QUINTILE_H_

#include <stddef.h> /* NOLINT(modernize-deprecated-headers): read by C compilers too */
#include <stdint.h> /* NOLINT(modernize-deprecated-headers) */

#include "quintile/arrow_abi.h"
#include "quintile/export.hpp"

#ifdef __cplusplus
extern "C" {
#endif

/* The numbers are those of quintile::StatusCode and never change. */
typedef enum quintile_status {
  QUINTILE_OK = 0,
  QUINTILE_INVALID_ARGUMENT = 1,
  QUINTILE_NOT_FOUND = 2,
  QUINTILE_ALREADY_EXISTS = 3,
  QUINTILE_OUT_OF_RANGE = 4,
  QUINTILE_OVERFLOW = 5,
  QUINTILE_UNAVAILABLE = 6,
  QUINTILE_CANCELLED = 7,
  QUINTILE_IO = 8,
  QUINTILE_INTERNAL = 9
} quintile_status;

/* Types of attributes; see quintile::DataType for the Arrow type of each. */
typedef enum quintile_data_type {
  QUINTILE_BOOL = 0,
  QUINTILE_INT64 = 1,
  QUINTILE_DECIMAL = 2,
  QUINTILE_DOUBLE = 3,
  QUINTILE_DATE = 4,
  QUINTILE_TIMESTAMP = 5,
  QUINTILE_CATEGORY = 6,
  QUINTILE_TAGS = 7,
  QUINTILE_CONSENT = 8
} quintile_data_type;

typedef struct quintile_attribute {
  const char* name;
  quintile_data_type type;
  int decimals;        /* QUINTILE_DECIMAL only, else 0 */
  const char* channel; /* QUINTILE_CONSENT only, else null */
  const char* purpose; /* the same */
} quintile_attribute;

/* What an engine is made with. Zero everywhere is UTC, no decimals, one thread per core. */
typedef struct quintile_options {
  const char* time_zone; /* IANA name; null is UTC */
  int currency_decimals; /* 0 to 6 */
  int threads;           /* 0: one per core */
  const quintile_attribute* attributes;
  size_t attribute_count;
} quintile_options;

typedef struct quintile_ingest_counts {
  uint64_t rows;
  uint64_t new_contacts;
} quintile_ingest_counts;

/* One class of a model. */
typedef struct quintile_class {
  const char* name;
  uint64_t contacts;
  int reachable; /* 0: no contact can reach it with the cut points of this generation */
} quintile_class;

typedef struct quintile_engine quintile_engine;
typedef struct quintile_generation quintile_generation;

/* The message of the last failure in this thread, "" if there was none. Valid until the next call
 * of this interface in this thread. */
QUINTILE_API const char* quintile_last_error(void);

/* "invalid_argument" and so on; never null. */
QUINTILE_API const char* quintile_status_name(quintile_status status);

/* Makes an engine. `options` null: UTC, 2 decimals, one thread per core, no attributes. */
QUINTILE_API quintile_status quintile_engine_create(const quintile_options* options,
                                                    quintile_engine** out);
/* Ends an engine; null is fine. Generations that are held stay valid. */
QUINTILE_API void quintile_engine_destroy(quintile_engine* engine);

/* Takes order lines or contacts from a stream and releases it, also on failure. `counts` may be
 * null. Columns: see quintile::Engine::ingest_orders and ingest_contacts. */
QUINTILE_API quintile_status quintile_ingest_orders(quintile_engine* engine,
                                                    struct ArrowArrayStream* stream,
                                                    quintile_ingest_counts* counts);
QUINTILE_API quintile_status quintile_ingest_contacts(quintile_engine* engine,
                                                      struct ArrowArrayStream* stream,
                                                      quintile_ingest_counts* counts);

/* Adds or replaces a model: a preset by name, or one in YAML (`length` bytes; `source_name` starts
 * its error messages). */
QUINTILE_API quintile_status quintile_define_preset(quintile_engine* engine, const char* preset);
QUINTILE_API quintile_status quintile_define_yaml(quintile_engine* engine, const char* yaml,
                                                  size_t length, const char* source_name);

/* Computes all models as of a date (its end, in the engine's time zone) or a time, and publishes
 * the result. `out` may be null; otherwise release what it gets. */
QUINTILE_API quintile_status quintile_recompute(quintile_engine* engine, const char* as_of,
                                                quintile_generation** out);
/* The generation published last; QUINTILE_NOT_FOUND before the first. Release it. */
QUINTILE_API quintile_status quintile_current(quintile_engine* engine, quintile_generation** out);
QUINTILE_API void quintile_generation_release(quintile_generation* generation);

QUINTILE_API uint64_t quintile_generation_number(const quintile_generation* generation);

/* How many classes a model has, prospect and lapsed included, and each of them by code. */
QUINTILE_API quintile_status quintile_class_count(const quintile_generation* generation,
                                                  const char* model, size_t* out);
QUINTILE_API quintile_status quintile_class_at(const quintile_generation* generation,
                                               const char* model, size_t code, quintile_class* out);

/* How many contacts are in the segment `MODEL.CLASS`. */
QUINTILE_API quintile_status quintile_segment_count(const quintile_generation* generation,
                                                    const char* segment, uint64_t* out);

/* Fills `out` with a stream of the rows of `rfm` in byte order of contact id; the caller releases
 * it. It keeps the generation alive. Columns: contact utf8, recency_days int32 (null: no purchase
 * in the window), frequency int64, monetary int64 in minor units (null: a mean over no purchase),
 * r, f, m int32, class utf8. */
QUINTILE_API quintile_status quintile_export_rows(const quintile_generation* generation,
                                                  const char* model, struct ArrowArrayStream* out);

#ifdef __cplusplus
}
#endif

#endif /* QUINTILE_QUINTILE_H_ */
