// Telling formats apart, and opening the bytes under them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <arrow/io/interfaces.h>

namespace quintile::loader {

enum class FileFormat : std::uint8_t {
  kCsv,
  kCsvGzip,
  kCsvZstd,
  kParquet,
  kArrowFile,
  kArrowStream
};

struct OpenedFile {
  std::string path;
  FileFormat format = FileFormat::kCsv;
  std::int64_t bytes = 0;
  std::shared_ptr<arrow::io::RandomAccessFile> file;  // null for a pipe
  std::shared_ptr<arrow::io::InputStream> pipe;       // which can be opened once, and has no size

  // How far the file has been read; the size of the file is its end.
  [[nodiscard]] std::int64_t position() const;
};

// Open a file and tell its format by its first bytes; its name says what is expected of them.
// Throws LoadError (data): no such file, a folder, no bytes, not what the name promises, UTF-16, a
// format in a pipe that is not read front to back.
OpenedFile open_file(const std::string& path);

// The text of a CSV file, decompressed as it is read. A stream that ends too early is an error.
std::shared_ptr<arrow::io::InputStream> open_text(const OpenedFile& opened);

}  // namespace quintile::loader
