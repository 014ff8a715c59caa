// The folder that a store is: its lock and its snapshots. docs/store.md describes it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "quintile/export.hpp"
#include "quintile/status.hpp"

namespace quintile {

// The right to write to a store, held by one process at a time as long as this object lives, and
// given back by the system when the process ends, however it ends. Readers need none.
class QUINTILE_API StoreLock {
 public:
  // Takes the lock; creates the folder (not those above it) if it is not there. Errors:
  // kUnavailable if another process has it, kIo.
  //
  //     auto lock = StoreLock::take("shop.store");
  //     if (lock.ok()) { engine->save(*lock); }
  static Result<StoreLock> take(const std::string& directory);
  StoreLock(StoreLock&& other) noexcept
      : directory_(std::move(other.directory_)), file_(std::exchange(other.file_, -1)) {}
  StoreLock& operator=(StoreLock&& other) noexcept {
    std::swap(directory_, other.directory_);
    std::swap(file_, other.file_);
    return *this;
  }
  StoreLock(const StoreLock&) = delete;
  StoreLock& operator=(const StoreLock&) = delete;
  ~StoreLock();

  [[nodiscard]] const std::string& directory() const noexcept { return directory_; }

 private:
  StoreLock(std::string directory, int file) noexcept
      : directory_(std::move(directory)), file_(file) {}

  std::string directory_;
  int file_ = -1;
};

// The numbers of the snapshots in a store, ascending; the last is the newest. Errors: kNotFound if
// there is no such folder, kIo.
[[nodiscard]] QUINTILE_API Result<std::vector<std::uint64_t>> snapshot_numbers(
    const std::string& directory);

// The folder of a snapshot.
[[nodiscard]] QUINTILE_API std::string snapshot_path(const std::string& directory,
                                                     std::uint64_t number);

}  // namespace quintile
