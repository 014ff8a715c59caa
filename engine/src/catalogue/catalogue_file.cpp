// The catalogue on disk: one file, replaced as a whole, under a lock.
#include <cerrno>
#include <chrono>
#include <cstring>
#include <exception>
#include <fcntl.h>
#include <string>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

#include <sys/file.h>
#include <sys/stat.h>

#include "quintile/catalogue.hpp"
#include "status/try.hpp"

namespace quintile {
namespace {

constexpr std::uint32_t kLockRetryMs = 10;

class Descriptor {
 public:
  explicit Descriptor(int number) noexcept : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) {
      ::close(number_);
    }
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const noexcept { return number_; }
  [[nodiscard]] int release() noexcept { return std::exchange(number_, -1); }

 private:
  int number_;
};

Status io_error(std::string_view what, const std::string& path) {
  const int error = errno;
  return {StatusCode::kIo, "cannot " + std::string(what) + " " + path + ": " +
                               std::system_category().message(error)};
}

std::string file_of(const std::string& directory) { return directory + "/catalogue.json"; }

// All of a regular file; "" if there is none.
Result<std::string> read_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.number() < 0) {
    return errno == ENOENT ? Result<std::string>(std::string()) : io_error("open", path);
  }
  struct stat about = {};
  if (::fstat(file.number(), &about) != 0) {
    return io_error("read", path);
  }
  if (!S_ISREG(about.st_mode)) {
    return Status(StatusCode::kIo, "cannot read " + path + ": expected a regular file");
  }
  const auto size = static_cast<std::size_t>(about.st_size);
  if (size > kMaxCatalogueBytes) {
    return Status(StatusCode::kOutOfRange, "expected at most " +
                                               std::to_string(kMaxCatalogueBytes) + " bytes in " +
                                               path + ", got " + std::to_string(size));
  }
  std::string bytes(size, '\0');
  std::size_t taken = 0;
  while (taken < size) {
    const ssize_t count = ::read(file.number(), bytes.data() + taken, size - taken);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return io_error("read", path);
    }
    if (count == 0) {
      break;
    }
    taken += static_cast<std::size_t>(count);
  }
  bytes.resize(taken);
  return bytes;
}

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

Status sync_directory(const std::string& directory) {
  const Descriptor folder(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.number() < 0 || ::fsync(folder.number()) != 0) {
    return io_error("sync", directory);
  }
  return {};
}

// The lock makes the name of the unfinished file ours; one that a crash left is overwritten.
Status replace_file(const std::string& directory, std::string_view bytes) {
  const std::string path = file_of(directory);
  const std::string unfinished = path + ".new";
  {
    const Descriptor file(
        ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666));
    if (file.number() < 0) {
      return io_error("open", unfinished);
    }
    if (!write_all(file.number(), bytes) || ::fsync(file.number()) != 0) {
      Status status = io_error("write", unfinished);
      ::unlink(unfinished.c_str());
      return status;
    }
  }
  if (::rename(unfinished.c_str(), path.c_str()) != 0) {
    Status status = io_error("rename to", path);
    ::unlink(unfinished.c_str());
    return status;
  }
  return sync_directory(directory);
}

Result<Catalogue> read_catalogue(const std::string& directory) {
  QUINTILE_ASSIGN_OR_RETURN(const std::string json, read_file(file_of(directory)));
  if (json.empty()) {
    struct stat about = {};
    if (::stat(directory.c_str(), &about) != 0) {
      return io_error("read", directory);
    }
    if (::stat(file_of(directory).c_str(), &about) != 0) {
      return Catalogue();
    }
  }
  Result<Catalogue> catalogue = Catalogue::from_json(json);
  if (!catalogue.ok()) {
    return Status(catalogue.status().code(),
                  file_of(directory) + ": " + std::string(catalogue.status().message()));
  }
  return catalogue;
}

// Waits by asking again, because a wait in flock() has no end of its own.
Result<int> take_lock(const std::string& directory, std::uint32_t wait_ms) {
  const std::string path = directory + "/catalogue.lock";
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666));
  if (file.number() < 0) {
    return io_error("open", path);
  }
  for (std::uint32_t waited_ms = 0; ::flock(file.number(), LOCK_EX | LOCK_NB) != 0;
       waited_ms += kLockRetryMs) {
    if (errno != EWOULDBLOCK && errno != EINTR) {
      return io_error("lock", path);
    }
    if (waited_ms >= wait_ms) {
      return Status(StatusCode::kUnavailable, "expected to change " + file_of(directory) +
                                                  " within " + std::to_string(wait_ms) +
                                                  " ms, but another process has its lock");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(kLockRetryMs));
  }
  return file.release();
}

}  // namespace

CatalogueFile::CatalogueFile(std::string directory, int lock) noexcept
    : directory_(std::move(directory)), lock_(lock) {}

CatalogueFile::CatalogueFile(CatalogueFile&& other) noexcept
    : directory_(std::move(other.directory_)),
      lock_(std::exchange(other.lock_, -1)),
      catalogue_(std::move(other.catalogue_)) {}

CatalogueFile& CatalogueFile::operator=(CatalogueFile&& other) noexcept {
  std::swap(directory_, other.directory_);
  std::swap(lock_, other.lock_);
  std::swap(catalogue_, other.catalogue_);
  return *this;
}

CatalogueFile::~CatalogueFile() {
  if (lock_ >= 0) {
    ::close(lock_);
  }
}

Result<CatalogueFile> CatalogueFile::open(std::string_view directory,
                                          std::uint32_t wait_ms) noexcept {
  try {
    const std::string path(directory);
    QUINTILE_ASSIGN_OR_RETURN(const int lock, take_lock(path, wait_ms));
    CatalogueFile file(path, lock);
    QUINTILE_ASSIGN_OR_RETURN(file.catalogue_, read_catalogue(path));
    return file;
  } catch (const std::exception& error) {
    return Status(StatusCode::kInternal, error.what());
  }
}

Status CatalogueFile::save() noexcept {
  try {
    QUINTILE_ASSIGN_OR_RETURN(const std::string json, catalogue_.to_json());
    return replace_file(directory_, json);
  } catch (const std::exception& error) {
    return {StatusCode::kInternal, error.what()};
  }
}

Result<Catalogue> CatalogueFile::read(std::string_view directory) noexcept {
  try {
    return read_catalogue(std::string(directory));
  } catch (const std::exception& error) {
    return Status(StatusCode::kInternal, error.what());
  }
}

}  // namespace quintile
