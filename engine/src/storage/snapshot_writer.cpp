#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <xxhash.h>

#include "storage/snapshot_file.hpp"
#include "storage/snapshot_header.hpp"

namespace quintile {

namespace {

Status io_error(std::string_view what, const std::string& path) {
  const int error = errno;
  return {StatusCode::kIo, "cannot " + std::string(what) + " " + path + ": " +
                               std::system_category().message(error)};
}

}  // namespace

SnapshotDescriptor::~SnapshotDescriptor() {
  if (number_ >= 0) {
    ::close(number_);
  }
}

SnapshotWriter::SnapshotWriter(std::string path) : path_(std::move(path)) {
  file_ = SnapshotDescriptor(
      ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666));
  if (file_.number() < 0) {
    status_ = io_error("open", path_);
    return;
  }
  const SnapshotHeader empty;  // the real one is written last: a file without it is none
  write(&empty, sizeof(empty));
}

void SnapshotWriter::put(std::uint64_t value) {
  description_.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

void SnapshotWriter::text(std::string& value) {
  put(value.size());
  description_ += value;
}

void SnapshotWriter::write(const void* data, std::size_t bytes) {
  const char* next = static_cast<const char*>(data);
  while (ok() && bytes != 0) {
    const ssize_t count = ::write(file_.number(), next, bytes);
    if (count < 0 && errno != EINTR) {
      status_ = io_error("write", path_);
    }
    if (count > 0) {
      next += count;
      bytes -= static_cast<std::size_t>(count);
      offset_ += static_cast<std::uint64_t>(count);
    }
  }
}

void SnapshotWriter::raw(const void* data, std::size_t bytes) {
  constexpr char kZeros[kSnapshotAlignment] = {};
  sections_.push_back({bytes, bytes == 0 ? XXH3_64bits(nullptr, 0) : XXH3_64bits(data, bytes)});
  write(data, bytes);
  write(kZeros, padded_to_alignment(bytes) - bytes);
}

Status SnapshotWriter::finish() {
  raw(description_.data(), description_.size());
  SnapshotHeader header;
  std::memcpy(header.magic, kSnapshotMagic.data(), sizeof(header.magic));
  header.format = kSnapshotFormat;
  if (ok() && sections_.size() > kMaxSnapshotSections) {
    status_ =
        Status(StatusCode::kOutOfRange, "expected at most 67108864 sections of a snapshot, got " +
                                            std::to_string(sections_.size()));
  }
  header.table_offset = offset_;
  header.sections = sections_.size();
  header.table_checksum = XXH3_64bits(sections_.data(), sections_.size() * sizeof(SnapshotSection));
  write(sections_.data(), sections_.size() * sizeof(SnapshotSection));
  header.file_bytes = offset_;
  header.header_checksum = checksum_of(header);
  if (ok() && ::pwrite(file_.number(), &header, sizeof(header), 0) != sizeof(header)) {
    status_ = io_error("write", path_);
  }
  if (ok() && ::fsync(file_.number()) != 0) {
    status_ = io_error("sync", path_);
  }
  return status_;
}

}  // namespace quintile
