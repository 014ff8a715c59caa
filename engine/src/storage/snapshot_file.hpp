// The file that a snapshot is: arrays one after the other, each with a checksum, and a description
// that says what they are. docs/store.md has the format byte by byte.
//
// SnapshotWriter and SnapshotReader have the same members, so that one walk over the data
// (snapshot_walk.hpp) both writes and reads it.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "exec/executor.hpp"
#include "quintile/status.hpp"
#include "storage/aligned_buffer.hpp"

namespace quintile {

static_assert(std::endian::native == std::endian::little, "snapshots are memory as it is");

inline constexpr std::uint32_t kSnapshotFormat = 1;
inline constexpr std::uint64_t kMaxSnapshotSections = std::uint64_t{1} << 26;

struct SnapshotSection {
  std::uint64_t bytes = 0;
  std::uint64_t checksum = 0;  // XXH3-64
};

// Owns a file descriptor.
class SnapshotDescriptor {
 public:
  explicit SnapshotDescriptor(int number = -1) noexcept : number_(number) {}
  SnapshotDescriptor(SnapshotDescriptor&& other) noexcept
      : number_(std::exchange(other.number_, -1)) {}
  SnapshotDescriptor& operator=(SnapshotDescriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  SnapshotDescriptor(const SnapshotDescriptor&) = delete;
  SnapshotDescriptor& operator=(const SnapshotDescriptor&) = delete;
  ~SnapshotDescriptor();
  [[nodiscard]] int number() const noexcept { return number_; }

 private:
  int number_ = -1;
};

// Writes a file from front to end. The first error stays and makes everything after it do nothing.
class SnapshotWriter {
 public:
  static constexpr bool kReads = false;

  explicit SnapshotWriter(std::string path);

  [[nodiscard]] bool ok() const noexcept { return status_.ok(); }
  // What follows is about this; for messages of the reader.
  void part(const char* /*name*/) noexcept {}

  template <class T>
  requires(std::integral<T> || std::is_enum_v<T>) void scalar(T& value) {
    put(static_cast<std::uint64_t>(value));
  }
  void text(std::string& value);
  // A number of things, which the reader refuses above `limit`.
  std::uint64_t length(std::uint64_t value, std::uint64_t /*limit*/) {
    put(value);
    return value;
  }
  template <class T>
  void array(AlignedBuffer<T>& values) {
    put(values.size());
    raw(values.data(), values.size() * sizeof(T));
  }
  // One section of `bytes` bytes.
  void raw(const void* data, std::size_t bytes);

  // Ends the file and has it on disk.
  Status finish();

 private:
  void put(std::uint64_t value);
  void write(const void* data, std::size_t bytes);

  std::string path_;
  SnapshotDescriptor file_;
  Status status_;
  std::uint64_t offset_ = 0;
  std::string description_;
  std::vector<SnapshotSection> sections_;
};

// Reads what SnapshotWriter wrote, and trusts nothing: what is asked for is never larger than the
// file. Arrays are only noted while walking; read_arrays() then reads all of them on many threads.
class SnapshotReader {
 public:
  static constexpr bool kReads = true;

  explicit SnapshotReader(std::string path);

  [[nodiscard]] bool ok() const noexcept { return status_.ok(); }
  [[nodiscard]] const Status& status() const noexcept { return status_; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  void part(const char* name) noexcept { part_ = name; }

  template <class T>
  requires(std::integral<T> || std::is_enum_v<T>) void scalar(T& value) {
    const std::uint64_t number = take();
    value = static_cast<T>(number);
    if (static_cast<std::uint64_t>(value) != number) {
      fail("a number does not fit its type");
    }
  }
  void text(std::string& value);
  // 0 after an error, so that loops end.
  std::uint64_t length(std::uint64_t /*value*/, std::uint64_t limit);
  // The values are there after read_arrays(). The buffer must stay where it is.
  template <class T>
  void array(AlignedBuffer<T>& values) {
    const std::uint64_t count = take();
    if (expect_section(count, sizeof(T))) {
      values = AlignedBuffer<T>();
      values.resize_for_overwrite(count);
      note(values.data());
    }
  }
  // The same for memory that has room for `bytes`.
  void raw(void* data, std::size_t bytes);
  // The size of the section that comes next.
  [[nodiscard]] std::uint64_t next_bytes() const noexcept {
    return next_section_ < sections_.size() ? sections_[next_section_].bytes : 0;
  }

  // Notes what is wrong; the first one stays.
  void fail(std::string_view what);
  // Reads and checks all arrays that were noted. Errors: kIo, kInvalidArgument for a wrong
  // checksum, for a description that goes on, or for the error noted before.
  Status read_arrays(Arena::Executor& executor);

 private:
  struct Wanted {
    void* data = nullptr;
    std::size_t section = 0;
    const char* part = "";
  };
  Status open();
  Status read_header();
  Status read_description(std::uint64_t table_offset, std::uint64_t count);
  std::uint64_t take();
  bool expect_section(std::uint64_t count, std::size_t value_bytes);
  void note(void* data);
  [[nodiscard]] Status read_at(void* data, std::uint64_t bytes, std::uint64_t offset) const;
  [[nodiscard]] Status damaged(const char* part, std::string_view what) const;

  std::string path_;
  SnapshotDescriptor file_;
  std::uint64_t file_bytes_ = 0;
  Status status_;
  const char* part_ = "header";
  std::string description_;
  std::size_t next_byte_ = 0;  // of the description
  std::vector<SnapshotSection> sections_;
  std::vector<std::uint64_t> offsets_;
  std::size_t next_section_ = 0;
  std::vector<Wanted> wanted_;
};

}  // namespace quintile
