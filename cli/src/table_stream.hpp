// A Table as an Arrow stream, for writers that take one.
#pragma once

#include "table.hpp"

struct ArrowArrayStream;

namespace quintile::cli {

// Fill `stream` with the table in batches of 65,536 rows: text as utf8, numbers without decimals as
// int64, others as decimal128. A number past 64 bits in an int64 column ends the stream with
// EOVERFLOW. `table` must outlive the stream.
void open_table_stream(const Table& table, ArrowArrayStream* stream);

}  // namespace quintile::cli
