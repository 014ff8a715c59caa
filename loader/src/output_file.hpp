// A file that appears under its name only when it is complete.
#pragma once

#include <memory>
#include <string>

#include <arrow/io/interfaces.h>

namespace quintile::loader {

class OutputFile {
 public:
  // Start a file beside `path`; a device or pipe, or `-` for standard output, is written directly.
  // Throws LoadError (failed).
  explicit OutputFile(const std::string& path);
  // Without finish() nothing is left.
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  [[nodiscard]] const std::shared_ptr<arrow::io::OutputStream>& stream() const { return stream_; }
  // Close the file and give it its name.
  void finish();

 private:
  std::string path_;
  std::string written_path_;  // empty: `path_` itself is written
  std::shared_ptr<arrow::io::OutputStream> stream_;
};

}  // namespace quintile::loader
