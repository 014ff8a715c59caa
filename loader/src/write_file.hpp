// Streams to files.
#pragma once

#include <string>

#include "quintile/arrow_abi.h"

namespace quintile::loader {

// Write all of `in` to `path` as csv, parquet or arrow; the contract is that of
// quintile_loader_write().
void write_file(const std::string& path, const std::string& format, ArrowArrayStream* in);

}  // namespace quintile::loader
