#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <mutex>
#include <system_error>
#include <unistd.h>
#include <xxhash.h>

#include <sys/stat.h>

#include "status/try.hpp"
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

SnapshotReader::SnapshotReader(std::string path) : path_(std::move(path)) { status_ = open(); }

Status SnapshotReader::damaged(const char* part, std::string_view what) const {
  return {StatusCode::kInvalidArgument,
          path_ + ": the snapshot is damaged: " + part + ": " + std::string(what)};
}

void SnapshotReader::fail(std::string_view what) {
  if (ok()) {
    status_ = damaged(part_, what);
  }
}

Status SnapshotReader::read_at(void* data, std::uint64_t bytes, std::uint64_t offset) const {
  char* next = static_cast<char*>(data);
  while (bytes != 0) {
    const ssize_t count = ::pread(file_.number(), next, bytes, static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return io_error("read", path_);
    }
    if (count == 0) {
      return {StatusCode::kIo, "cannot read " + path_ + ": it became shorter"};
    }
    next += count;
    bytes -= static_cast<std::uint64_t>(count);
    offset += static_cast<std::uint64_t>(count);
  }
  return {};
}

Status SnapshotReader::open() {
  file_ = SnapshotDescriptor(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file_.number() < 0) {
    return io_error("open", path_);
  }
  struct stat about = {};
  if (::fstat(file_.number(), &about) != 0) {
    return io_error("read", path_);
  }
  if (!S_ISREG(about.st_mode)) {
    return {StatusCode::kIo, "cannot read " + path_ + ": expected a regular file"};
  }
  file_bytes_ = static_cast<std::uint64_t>(about.st_size);
  return read_header();
}

Status SnapshotReader::read_header() {
  SnapshotHeader header;
  if (file_bytes_ < sizeof(header)) {
    return damaged("header", "expected at least 64 bytes, got " + std::to_string(file_bytes_));
  }
  QUINTILE_TRY(read_at(&header, sizeof(header), 0));
  if (std::string_view(header.magic, sizeof(header.magic)) != kSnapshotMagic) {
    return damaged("header", "it does not begin as a snapshot does");
  }
  if (header.format != kSnapshotFormat) {
    return {StatusCode::kInvalidArgument,
            path_ + ": expected format " + std::to_string(kSnapshotFormat) + " of snapshots, got " +
                std::to_string(header.format)};
  }
  if (checksum_of(header) != header.header_checksum) {
    return damaged("header", "its checksum is wrong");
  }
  if (header.file_bytes != file_bytes_) {
    return damaged("header", "expected a file of " + std::to_string(header.file_bytes) +
                                 " bytes, got " + std::to_string(file_bytes_));
  }
  if (header.sections == 0 || header.sections > kMaxSnapshotSections ||
      header.table_offset > file_bytes_ ||
      file_bytes_ - header.table_offset != header.sections * sizeof(SnapshotSection)) {
    return damaged("header", "the table of sections does not fit the file");
  }
  sections_.resize(header.sections);
  const std::uint64_t table_bytes = header.sections * sizeof(SnapshotSection);
  QUINTILE_TRY(read_at(sections_.data(), table_bytes, header.table_offset));
  if (XXH3_64bits(sections_.data(), table_bytes) != header.table_checksum) {
    return damaged("table of sections", "its checksum is wrong");
  }
  return read_description(header.table_offset, header.sections);
}

// Sections follow each other without gaps, so their sizes say where they are.
Status SnapshotReader::read_description(std::uint64_t table_offset, std::uint64_t count) {
  std::uint64_t offset = sizeof(SnapshotHeader);
  for (const SnapshotSection& section : sections_) {
    if (section.bytes > table_offset || offset > table_offset - section.bytes) {
      return damaged("table of sections", "a section reaches past the end of the file");
    }
    offsets_.push_back(offset);
    offset += padded_to_alignment(section.bytes);
  }
  if (offset != table_offset) {
    return damaged("table of sections", "the sections do not fill the file");
  }
  const SnapshotSection& last = sections_[count - 1];
  description_.resize(last.bytes);
  QUINTILE_TRY(read_at(description_.data(), last.bytes, offsets_[count - 1]));
  if (XXH3_64bits(description_.data(), last.bytes) != last.checksum) {
    return damaged("description", "its checksum is wrong");
  }
  sections_.pop_back();
  return {};
}

std::uint64_t SnapshotReader::take() {
  std::uint64_t value = 0;
  if (!ok() || description_.size() - next_byte_ < sizeof(value)) {
    fail("the description ends early");
    return 0;
  }
  std::memcpy(&value, description_.data() + next_byte_, sizeof(value));
  next_byte_ += sizeof(value);
  return value;
}

void SnapshotReader::text(std::string& value) {
  const std::uint64_t bytes = take();
  if (!ok() || bytes > description_.size() - next_byte_) {
    fail("the description ends early");
    return;
  }
  value.assign(description_, next_byte_, bytes);
  next_byte_ += bytes;
}

std::uint64_t SnapshotReader::length(std::uint64_t /*value*/, std::uint64_t limit) {
  const std::uint64_t value = take();
  if (value > limit) {
    fail("expected at most " + std::to_string(limit) + " entries, got " + std::to_string(value));
  }
  return ok() ? value : 0;
}

bool SnapshotReader::expect_section(std::uint64_t count, std::size_t value_bytes) {
  if (!ok()) {
    return false;
  }
  if (next_section_ == sections_.size() || count > file_bytes_ / value_bytes ||
      sections_[next_section_].bytes != count * value_bytes) {
    fail("a section does not have the size of what it should hold");
    return false;
  }
  return true;
}

void SnapshotReader::note(void* data) { wanted_.push_back({data, next_section_++, part_}); }

void SnapshotReader::raw(void* data, std::size_t bytes) {
  if (expect_section(bytes, 1)) {
    note(data);
  }
}

Status SnapshotReader::read_arrays(Arena::Executor& executor) {
  if (ok() && (next_section_ != sections_.size() || next_byte_ != description_.size())) {
    fail("there is more in the file than belongs to it");
  }
  if (!ok()) {
    return status_;
  }
  std::mutex lock;
  std::size_t first_failed = wanted_.size();
  executor.run(wanted_.size(), [&](std::size_t i, int) {
    const Wanted& wanted = wanted_[i];
    const SnapshotSection& section = sections_[wanted.section];
    Status status = read_at(wanted.data, section.bytes, offsets_[wanted.section]);
    if (status.ok() && XXH3_64bits(wanted.data, section.bytes) != section.checksum) {
      status = damaged(wanted.part, "the checksum of section " + std::to_string(wanted.section) +
                                        " at byte " + std::to_string(offsets_[wanted.section]) +
                                        " is wrong");
    }
    if (!status.ok()) {
      const std::lock_guard guard(lock);
      if (i < first_failed) {
        first_failed = i;
        status_ = status;
      }
    }
  });
  return status_;
}

}  // namespace quintile
