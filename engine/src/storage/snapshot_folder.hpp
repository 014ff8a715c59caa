// A snapshot on its way into a store.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "quintile/status.hpp"
#include "quintile/store_directory.hpp"

namespace quintile {

inline constexpr std::string_view kSnapshotFile = "/engine.data";

// Dropped without publish(), it leaves nothing behind.
class SnapshotFolder {
 public:
  static Result<SnapshotFolder> create(const StoreLock& store);
  SnapshotFolder(SnapshotFolder&& other) noexcept
      : store_(std::move(other.store_)),
        unfinished_(std::exchange(other.unfinished_, {})),
        number_(other.number_) {}
  SnapshotFolder& operator=(SnapshotFolder&& other) noexcept {
    std::swap(store_, other.store_);
    std::swap(unfinished_, other.unfinished_);
    std::swap(number_, other.number_);
    return *this;
  }
  SnapshotFolder(const SnapshotFolder&) = delete;
  SnapshotFolder& operator=(const SnapshotFolder&) = delete;
  ~SnapshotFolder();

  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
  // Where the data goes.
  [[nodiscard]] std::string file() const { return unfinished_ + std::string(kSnapshotFile); }
  // Gives it its name, for good, and removes all but it and the one before.
  Status publish();

 private:
  SnapshotFolder() = default;

  std::string store_;
  std::string unfinished_;
  std::uint64_t number_ = 0;
};

}  // namespace quintile
