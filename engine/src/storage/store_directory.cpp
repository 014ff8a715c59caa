#include "quintile/store_directory.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <system_error>
#include <unistd.h>

#include <sys/file.h>
#include <sys/stat.h>

#include "storage/snapshot_file.hpp"
#include "storage/snapshot_folder.hpp"

namespace quintile {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "snapshot-";
constexpr std::string_view kUnfinished = ".unfinished";
constexpr std::size_t kKeptSnapshots = 2;

Status io_error(std::string_view what, const std::string& path, const std::error_code& error) {
  return {StatusCode::kIo, "cannot " + std::string(what) + " " + path + ": " + error.message()};
}

std::error_code last_error() { return {errno, std::system_category()}; }

// The number in a name `snapshot-N`, 0 if it is none.
std::uint64_t number_of(std::string_view name) {
  std::uint64_t number = 0;
  if (!name.starts_with(kPrefix)) {
    return 0;
  }
  name.remove_prefix(kPrefix.size());
  const std::from_chars_result read =
      std::from_chars(name.data(), name.data() + name.size(), number);
  return read.ec == std::errc() && read.ptr == name.data() + name.size() ? number : 0;
}

Status sync_folder(const std::string& path) {
  const SnapshotDescriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.number() < 0 || ::fsync(folder.number()) != 0) {
    return io_error("sync", path, last_error());
  }
  return {};
}

}  // namespace

Result<StoreLock> StoreLock::take(const std::string& directory) {
  std::error_code error;
  if (fs::create_directory(directory, error)) {
    const std::string parent = fs::absolute(fs::path(directory) / ".", error)
                                   .lexically_normal()
                                   .parent_path()
                                   .parent_path();
    if (Status status = sync_folder(parent); !status.ok()) {
      return status;
    }
  }
  if (error) {
    return io_error("create the folder", directory, error);
  }
  const std::string path = directory + "/lock";
  while (true) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (file < 0) {
      return io_error("open", path, last_error());
    }
    StoreLock lock(directory, file);
    while (::flock(file, LOCK_EX | LOCK_NB) != 0) {
      if (errno == EWOULDBLOCK) {
        return Status(StatusCode::kUnavailable,
                      "another process is writing to the store '" + directory + "'");
      }
      if (errno != EINTR) {
        return io_error("lock", path, last_error());
      }
    }
    // A load that fails removes the file of a new store: a lock on one without a name holds nobody.
    struct stat locked = {};
    struct stat named = {};
    if (::fstat(file, &locked) != 0) {
      return io_error("lock", path, last_error());
    }
    if (::stat(path.c_str(), &named) == 0 && named.st_ino == locked.st_ino &&
        named.st_dev == locked.st_dev) {
      return lock;
    }
  }
}

StoreLock::~StoreLock() {
  if (file_ >= 0) {
    ::close(file_);
  }
}

Result<std::vector<std::uint64_t>> snapshot_numbers(const std::string& directory) {
  std::error_code error;
  if (!fs::is_directory(directory, error)) {
    return Status(StatusCode::kNotFound, "there is no store '" + directory + "'");
  }
  std::vector<std::uint64_t> numbers;
  fs::directory_iterator entries(directory, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    if (const std::uint64_t number = number_of(entries->path().filename().string()); number != 0) {
      numbers.push_back(number);
    }
  }
  if (error) {
    return io_error("read the folder", directory, error);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

std::string snapshot_path(const std::string& directory, std::uint64_t number) {
  return directory + "/" + std::string(kPrefix) + std::to_string(number);
}

Result<SnapshotFolder> SnapshotFolder::create(const StoreLock& store) {
  const Result<std::vector<std::uint64_t>> numbers = snapshot_numbers(store.directory());
  if (!numbers.ok()) {
    return numbers.status();
  }
  SnapshotFolder folder;
  folder.store_ = store.directory();
  folder.number_ = numbers->empty() ? 1 : numbers->back() + 1;
  folder.unfinished_ = snapshot_path(store.directory(), folder.number_) + std::string(kUnfinished);
  std::error_code error;
  fs::remove_all(folder.unfinished_, error);  // of a process that was ended
  fs::create_directory(folder.unfinished_, error);
  if (error) {
    return io_error("create the folder", folder.unfinished_, error);
  }
  return folder;
}

SnapshotFolder::~SnapshotFolder() {
  if (!unfinished_.empty()) {
    std::error_code ignored;
    fs::remove_all(unfinished_, ignored);
  }
}

Status SnapshotFolder::publish() {
  if (Status status = sync_folder(unfinished_); !status.ok()) {
    return status;
  }
  const std::string path = snapshot_path(store_, number_);
  if (::rename(unfinished_.c_str(), path.c_str()) != 0) {
    return io_error("rename to", path, last_error());
  }
  unfinished_.clear();
  if (Status status = sync_folder(store_); !status.ok()) {
    return status;
  }
  // What is older may stay if it cannot be removed: it does no harm.
  if (const Result<std::vector<std::uint64_t>> numbers = snapshot_numbers(store_);
      numbers.ok() && numbers->size() > kKeptSnapshots) {
    for (std::size_t i = 0; i + kKeptSnapshots < numbers->size(); ++i) {
      std::error_code ignored;
      fs::remove_all(snapshot_path(store_, (*numbers)[i]), ignored);
    }
  }
  return {};
}

}  // namespace quintile
