// A file of any format as a source.
#pragma once

#include <memory>
#include <string>

#include "source.hpp"

namespace quintile::loader {

inline std::unique_ptr<Source> open_source(const OpenedFile& opened, char delimiter,
                                           std::int64_t block_bytes) {
  const bool is_text = opened.format == FileFormat::kCsv || opened.format == FileFormat::kCsvGzip ||
                       opened.format == FileFormat::kCsvZstd;
  return is_text ? open_csv(opened, delimiter, block_bytes) : open_columnar(opened);
}

inline std::unique_ptr<Source> open_source(const std::string& path, char delimiter,
                                           std::int64_t block_bytes) {
  return open_source(open_file(path), delimiter, block_bytes);
}

}  // namespace quintile::loader
