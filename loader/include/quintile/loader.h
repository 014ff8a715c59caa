/* The loader: files in, Arrow C streams out, and streams back into files.
 *
 * A shared library that a program opens at run time (dlopen) and the only one that links Arrow.
 * Check quintile_loader_version() first. Formats are told apart by content and name: CSV (plain,
 * gzip, zstd), Parquet, Arrow IPC (file and stream). docs/loading.md has the rules and the limits.
 *
 * Functions return 0 or an error kind (enum quintile_loader_status) and then fill `error` with a
 * message that ends in NUL, cut to `error_bytes`. No exception leaves the library. Different
 * streams may be used from different threads; one stream from one thread at a time. */
#ifndef QUINTILE_LOADER_H_
#define QUINTILE_LOADER_H_

#include <stddef.h> /* NOLINT(modernize-deprecated-headers): read by C compilers too */
#include <stdint.h> /* NOLINT(modernize-deprecated-headers) */

#include "quintile/arrow_abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define QUINTILE_LOADER_API __attribute__((visibility("default")))

/* The version of this header. A library with another version must not be used. */
#define QUINTILE_LOADER_VERSION 3

enum quintile_loader_status {
  QUINTILE_LOADER_OK = 0,
  QUINTILE_LOADER_USAGE =
      1, /* the request is wrong: zone, date format, delimiter, type, format name */
  QUINTILE_LOADER_DATA = 2,  /* a file, a column or its contents are wrong, or cannot be read */
  QUINTILE_LOADER_FAILED = 3 /* memory ran out, a file cannot be written, a defect */
};

/* What an extra column is turned into. */
enum quintile_column_type {
  QUINTILE_COLUMN_AUTO = 0,      /* int64 or bool where the file says so, else utf8 */
  QUINTILE_COLUMN_UTF8 = 1,      /* utf8; numbers and times in their one spelling */
  QUINTILE_COLUMN_INT64 = 2,     /* int64 */
  QUINTILE_COLUMN_BOOL = 3,      /* bool: true/false, t/f, yes/no, y/n, 1/0 in any case */
  QUINTILE_COLUMN_DECIMAL = 4,   /* int64 scaled by `decimals`, rounded half to even */
  QUINTILE_COLUMN_DOUBLE = 5,    /* float64; NaN and infinities are rejects */
  QUINTILE_COLUMN_DATE = 6,      /* date32 */
  QUINTILE_COLUMN_TIMESTAMP = 7, /* timestamp[us, UTC], read as the time column is */
  QUINTILE_COLUMN_LIST = 8       /* list<utf8>; in text the members are parted by `|` */
};

/* A column that is wanted beside the known ones. Empty fields are nulls. */
struct quintile_extra_column {
  const char* name;      /* in the output */
  const char* column;    /* in the file; null: the same as `name` */
  int32_t type;          /* enum quintile_column_type */
  int32_t decimals;      /* QUINTILE_COLUMN_DECIMAL only: 0 to 18 */
  const char* wanted_by; /* for messages: "the where of model 'retail'"; null: nobody is named */
};

/* A column of identifiers of one kind: its values without the namespace. Empty fields are none. */
struct quintile_identifier_column {
  const char* name_space; /* [a-z0-9_-]{1,32}, not `id` */
  const char* column;     /* in the file */
};

/* Told once per refused record, in record order, from the thread that calls get_next, before the
 * batch that follows the record is handed out. `record` counts records, not text lines; the header
 * is 1, so the first row of a Parquet or Arrow file is 2. `reason` is one of
 * quintile_reject_reason(); `value` is the offending value as printable UTF-8 on one line, cut to
 * 120 bytes. */
typedef void (*quintile_reject_function)(void* context, const char* file, uint64_t record,
                                         const char* reason, const char* value);

/* Told now and then, from the thread that calls get_next: bytes of the files read so far, of all.
 */
typedef void (*quintile_progress_function)(void* context, uint64_t bytes, uint64_t bytes_total);

/* What to read. Zero-initialise it, set `struct_bytes` and what is needed. Texts and arrays are
 * copied by the opening call. A column that is named must be in every file; columns that are not
 * asked for are not looked at. Of the defaults below `order` is used if the first file has it. */
struct quintile_load_request {
  size_t struct_bytes; /* sizeof(struct quintile_load_request) */

  const char* const* files;
  size_t file_count;

  const char* contact;     /* null: `contact`; required, but not of events with identifiers */
  const char* time;        /* orders, events: null: `time`; required */
  const char* order;       /* orders: null: `order`, else every line is an order of its own */
  const char* amount;      /* orders: null: `amount`, unless price is named or there is none */
  const char* quantity;    /* orders: units of the line; null: `quantity` if the price is used */
  const char* price;       /* orders: per unit, the amount is quantity times price; null: `price` if
                              neither amount nor a column `amount` is there */
  const char* product;     /* orders: null: none */
  const char* category;    /* orders: null: none */
  const char* currency;    /* orders: null: none */
  const char* identifiers; /* not orders: `namespace:value`, in text parted by `|`; null: none */
  const char* type;        /* events: null: `type`; required */

  const struct quintile_identifier_column* identifier_columns; /* not orders */
  size_t identifier_column_count;

  const char* const* event_types; /* events: records of other types are skipped and counted */
  size_t event_type_count;        /* 0: all types are taken */

  const struct quintile_extra_column* extra_columns;
  size_t extra_column_count;

  char delimiter;            /* CSV: 0 is a comma */
  const char* date_format;   /* null: ISO 8601; else the fields of strptime */
  const char* time_zone;     /* of times without an offset; null: UTC */
  const char* base_currency; /* ISO 4217; amounts come out in it; null: that of the data */
  int32_t currency_decimals; /* of the minor units of the output, 0 to 18 */
  const char* rates_file;    /* CSV date,currency,rate: base units per unit; null: none */

  uint32_t threads;     /* that convert: 0 chooses by the machine, at most 16 */
  uint32_t block_bytes; /* CSV: read in blocks of this size, and the longest record; 0: 8 MiB */
  uint32_t integer_ids; /* 1: `contact` and `order` are int64 if every file has them as integers */

  quintile_reject_function on_reject;     /* may be null */
  quintile_progress_function on_progress; /* may be null */
  void* context;                          /* for both */
};

/* What has been read so far. */
struct quintile_load_counts {
  uint64_t records;       /* data records seen: accepted + anonymous + other_types + rejected */
  uint64_t accepted;      /* handed out */
  uint64_t anonymous;     /* skipped because the contact is empty or null (events: and there is no
                             identifier either) */
  uint64_t other_types;   /* events: skipped because their type is not among `event_types` */
  uint64_t rejected;      /* the sum of `by_reason` */
  uint64_t by_reason[32]; /* indexed as quintile_reject_reason() is */
};

/* Handle of the counts of one opened stream. Lives on after the stream is released. */
typedef struct quintile_load_report quintile_load_report;

/* Return QUINTILE_LOADER_VERSION of the library. */
QUINTILE_LOADER_API uint32_t quintile_loader_version(void);

/* Return the reason code with this number, null past the last. Codes are lasting; new ones are
 * added at the end. */
QUINTILE_LOADER_API const char* quintile_reject_reason(size_t index);

/* Open order lines. Every file is opened and its columns are checked before this returns. Batches
 * have at most 65,536 rows and, in this order: `contact` utf8 (or int64: `integer_ids`), `time`
 * timestamp[us, UTC], `amount` int64 minor units, then as far as there are columns for them `order`
 * utf8 nullable, `product` utf8 nullable, `category` utf8 nullable, `quantity` int64 thousandths
 * nullable, then the extra columns. `report` may be null; otherwise release it with
 * quintile_load_report_free(). */
QUINTILE_LOADER_API int quintile_loader_open_orders(const struct quintile_load_request* request,
                                                    struct ArrowArrayStream* out,
                                                    quintile_load_report** report, char* error,
                                                    size_t error_bytes);

/* Open contacts: `contact` utf8, `identifiers` list<utf8> if there are columns of them, the extra
 * columns. Identifiers are those of `identifiers`, then those of each of `identifier_columns`. A
 * file of links, which says whose a device is, is one of contacts. */
QUINTILE_LOADER_API int quintile_loader_open_contacts(const struct quintile_load_request* request,
                                                      struct ArrowArrayStream* out,
                                                      quintile_load_report** report, char* error,
                                                      size_t error_bytes);

/* Open events: `contact` utf8 nullable (or int64) if it is named or the first file has it,
 * `identifiers` list<utf8> as of contacts, `time` timestamp[us, UTC], `type` utf8, the extra
 * columns. Every record that is handed out has a contact or an identifier. */
QUINTILE_LOADER_API int quintile_loader_open_events(const struct quintile_load_request* request,
                                                    struct ArrowArrayStream* out,
                                                    quintile_load_report** report, char* error,
                                                    size_t error_bytes);

/* Read the counts. Complete once the stream has given its last batch. */
QUINTILE_LOADER_API void quintile_load_report_counts(const quintile_load_report* report,
                                                     struct quintile_load_counts* counts);
QUINTILE_LOADER_API void quintile_load_report_free(quintile_load_report* report);

/* Write a whole stream to a file: `format` is csv, parquet or arrow. `in` is consumed and released
 * in every case. Equal streams give equal bytes. The file appears under its name when it is
 * complete; after a failure there is none, and an earlier file of that name is untouched. CSV:
 * header, `\n` ends, fields quoted only where RFC 4180 needs it, null as nothing, lists parted by
 * `|`. `path` of `-` is standard output, for csv and arrow. */
QUINTILE_LOADER_API int quintile_loader_write(const char* path, const char* format,
                                              struct ArrowArrayStream* in, char* error,
                                              size_t error_bytes);

/* The functions as types, for dlsym. */
typedef uint32_t (*quintile_loader_version_function)(void);
typedef const char* (*quintile_reject_reason_function)(size_t);
typedef int (*quintile_loader_open_function)(const struct quintile_load_request*,
                                             struct ArrowArrayStream*, quintile_load_report**,
                                             char*, size_t);
typedef void (*quintile_load_report_counts_function)(const quintile_load_report*,
                                                     struct quintile_load_counts*);
typedef void (*quintile_load_report_free_function)(quintile_load_report*);
typedef int (*quintile_loader_write_function)(const char*, const char*, struct ArrowArrayStream*,
                                              char*, size_t);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* QUINTILE_LOADER_H_ */
