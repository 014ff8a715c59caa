/* The structures of the Arrow C data and C stream interfaces: how columns cross between the loader,
 * the engine and any other library without a common dependency. The layout is fixed for ever by the
 * Arrow project; the guards are the agreed ones, so that this header lives beside others that hold
 * the same structures. C, so that the C API can use it. */
#ifndef QUINTILE_ARROW_ABI_H_
#define QUINTILE_ARROW_ABI_H_

#include <stdint.h> /* NOLINT(modernize-deprecated-headers): read by C compilers too */

#ifdef __cplusplus
extern "C" {
#endif

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

/* The type of one column, or of a row as a struct of columns. Owned by whoever holds it: call
 * `release` once; a structure whose `release` is null is empty. */
struct ArrowSchema {
  const char* format; /* such as "u" utf8, "l" int64, "tsu:UTC" microseconds, "+s" struct */
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};

/* The values of one column, or of a batch of rows as a struct of columns. */
struct ArrowArray {
  int64_t length;
  int64_t null_count; /* -1 where not counted */
  int64_t offset;     /* applies to every buffer below, and to children */
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers; /* validity bits first, null where nothing is null */
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};

#endif /* ARROW_C_DATA_INTERFACE */

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

/* A sequence of batches of one type. Calls must not overlap; `get_next` gives an array whose
 * `release` is null at the end. Non-zero answers are errno values, and `get_last_error` then gives
 * a text that is valid until the next call, or null. */
struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
  int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
  const char* (*get_last_error)(struct ArrowArrayStream*);
  void (*release)(struct ArrowArrayStream*);
  void* private_data;
};

#endif /* ARROW_C_STREAM_INTERFACE */

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* QUINTILE_ARROW_ABI_H_ */
