// Files that can only be read front to back: pipes, terminals, sockets.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <arrow/io/interfaces.h>
#include <arrow/result.h>

namespace quintile::loader {

// The bytes of an open file from where it is. One may look at the first ones before they are read.
class PipeStream final : public arrow::io::InputStream {
 public:
  // Open `path` and wait for its first bytes. Throws LoadError (data).
  explicit PipeStream(const std::string& path);
  ~PipeStream() override;
  PipeStream(const PipeStream&) = delete;
  PipeStream& operator=(const PipeStream&) = delete;

  // The first bytes, at most `count`; fewer only if there are no more.
  std::string head(std::int64_t count);

  arrow::Status Close() override;
  [[nodiscard]] bool closed() const override { return descriptor_ < 0; }
  [[nodiscard]] arrow::Result<std::int64_t> Tell() const override { return position_; }
  arrow::Result<std::int64_t> Read(std::int64_t count, void* out) override;
  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(std::int64_t count) override;

 private:
  int descriptor_ = -1;
  std::int64_t position_ = 0;
  std::string head_;  // looked at, not yet read
};

// Whether the path names something that is not read by position.
bool is_pipe(const std::string& path);

}  // namespace quintile::loader
