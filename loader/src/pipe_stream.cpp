#include "pipe_stream.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

#include <arrow/buffer.h>

#include "error.hpp"

namespace quintile::loader {

PipeStream::PipeStream(const std::string& path)
    : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (descriptor_ < 0) {
    fail_data("cannot open " + path + ": " + std::strerror(errno));
  }
}

PipeStream::~PipeStream() { (void)PipeStream::Close(); }

arrow::Status PipeStream::Close() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
    descriptor_ = -1;
  }
  return arrow::Status::OK();
}

std::string PipeStream::head(std::int64_t count) {
  const auto wanted = static_cast<std::size_t>(count);
  while (head_.size() < wanted) {
    std::string more(wanted - head_.size(), '\0');
    const ssize_t got = ::read(descriptor_, more.data(), more.size());
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      break;  // an error comes again with the next read, which tells it
    }
    head_.append(more, 0, static_cast<std::size_t>(got));
  }
  return head_.substr(0, wanted);
}

// As much as was asked for, unless the end comes first: readers of formats count on it.
arrow::Result<std::int64_t> PipeStream::Read(std::int64_t count, void* out) {
  auto* const bytes = static_cast<char*>(out);
  const std::size_t wanted = static_cast<std::size_t>(count);
  std::size_t size = std::min(wanted, head_.size());
  std::memcpy(bytes, head_.data(), size);
  head_.erase(0, size);
  while (size < wanted) {
    const ssize_t got = ::read(descriptor_, bytes + size, wanted - size);
    if (got < 0 && errno != EINTR) {
      return arrow::Status::IOError("cannot be read: ", std::strerror(errno));
    }
    if (got == 0) {
      break;
    }
    size += got > 0 ? static_cast<std::size_t>(got) : 0;
  }
  position_ += static_cast<std::int64_t>(size);
  return static_cast<std::int64_t>(size);
}

arrow::Result<std::shared_ptr<arrow::Buffer>> PipeStream::Read(std::int64_t count) {
  ARROW_ASSIGN_OR_RAISE(std::unique_ptr<arrow::ResizableBuffer> buffer,
                        arrow::AllocateResizableBuffer(count));
  ARROW_ASSIGN_OR_RAISE(const std::int64_t size, Read(count, buffer->mutable_data()));
  ARROW_RETURN_NOT_OK(buffer->Resize(size));
  return std::shared_ptr<arrow::Buffer>(std::move(buffer));
}

bool is_pipe(const std::string& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  return status.type() == std::filesystem::file_type::fifo ||
         status.type() == std::filesystem::file_type::character ||
         status.type() == std::filesystem::file_type::socket;
}

}  // namespace quintile::loader
