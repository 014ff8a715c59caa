#include "output_file.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include <sys/stat.h>

namespace quintile::cli {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 20;
constexpr std::size_t kMaxUnfinished = 16;

// Names for the signal handler, which may neither allocate nor lock. A slot is taken before the
// file exists and freed after it is renamed or removed.
struct Slot {
  std::atomic<bool> taken{false};
  std::atomic<bool> armed{false};
  std::array<char, PATH_MAX> path{};
};
std::array<Slot, kMaxUnfinished> slots;

int take_slot(const std::string& path) {
  for (std::size_t i = 0; i < slots.size(); ++i) {
    bool expected = false;
    if (path.size() < slots[i].path.size() &&
        slots[i].taken.compare_exchange_strong(expected, true)) {
      std::memcpy(slots[i].path.data(), path.c_str(), path.size() + 1);
      slots[i].armed.store(true);
      return static_cast<int>(i);
    }
  }
  return -1;
}

void free_slot(int slot) {
  if (slot >= 0) {
    slots[static_cast<std::size_t>(slot)].armed.store(false);
    slots[static_cast<std::size_t>(slot)].taken.store(false);
  }
}

Failure file_failure(const std::string& what, const std::string& path, int error) {
  return {ExitCode::kData, what + " '" + path + "': " + std::strerror(error)};
}

// A symbolic link stays one: what it points to is replaced.
std::string resolved(const std::string& path) {
  char* real = ::realpath(path.c_str(), nullptr);
  if (real == nullptr) {
    return path;
  }
  std::string result(real);
  std::free(real);
  return result;
}

std::string beside(const std::string& path, int attempt) {
  const std::size_t slash = path.rfind('/');
  const std::size_t name = slash == std::string::npos ? 0 : slash + 1;
  return path.substr(0, name) + "." + path.substr(name) + "." + std::to_string(::getpid()) + "." +
         std::to_string(attempt) + ".unfinished";
}

extern "C" void on_end_signal(int signal_number) {
  remove_unfinished_files();
  std::signal(signal_number, SIG_DFL);
  ::raise(signal_number);
}

}  // namespace

OutputFile::~OutputFile() { discard(); }

std::optional<Failure> OutputFile::open(const std::string& path) {
  shown_path_ = path;
  struct stat existing {};
  const bool exists = ::stat(path.c_str(), &existing) == 0;
  if (exists && S_ISDIR(existing.st_mode)) {
    return file_failure("cannot write", path, EISDIR);
  }
  if (exists && !S_ISREG(existing.st_mode)) {
    descriptor_ = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    return descriptor_ < 0 ? std::optional(file_failure("cannot write", path, errno))
                           : std::nullopt;
  }
  final_path_ = resolved(path);
  for (int attempt = 0; attempt < 100 && descriptor_ < 0; ++attempt) {
    unfinished_path_ = beside(final_path_, attempt);
    free_slot(slot_);
    slot_ = -1;
    descriptor_ = ::open(unfinished_path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ < 0 && errno != EEXIST) {
      unfinished_path_.clear();
      return file_failure("cannot write", path, errno);
    }
  }
  if (descriptor_ < 0) {
    unfinished_path_.clear();
    return file_failure("cannot write", path, EEXIST);
  }
  slot_ = take_slot(unfinished_path_);
  if (exists) {
    // The mode of the file replaced is kept; a file system without modes is no reason to fail.
    (void)!::fchmod(descriptor_, existing.st_mode & 07777);
  }
  return std::nullopt;
}

void OutputFile::open_standard_output() {
  shown_path_ = "standard output";
  descriptor_ = ::dup(STDOUT_FILENO);
  first_errno_ = descriptor_ < 0 ? errno : 0;
}

std::optional<Failure> OutputFile::reserve(const std::string& path) {
  if (auto failure = open(path)) {
    return failure;
  }
  if (unfinished_path_.empty()) {
    return Failure{ExitCode::kData,
                   "cannot write this format to '" + path + "': it is not a regular file"};
  }
  return std::nullopt;
}

void OutputFile::write(std::string_view bytes) {
  buffer_.append(bytes);
  bytes_written_ += bytes.size();
  if (buffer_.size() >= kBufferBytes) {
    flush();
  }
}

std::optional<Failure> OutputFile::copy_from(const std::string& path) {
  const int source = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (source < 0) {
    return file_failure("cannot read", path, errno);
  }
  std::string block(kBufferBytes, '\0');
  ssize_t count = 0;
  while ((count = ::read(source, block.data(), block.size())) > 0) {
    write(std::string_view(block).substr(0, static_cast<std::size_t>(count)));
  }
  const int error = errno;
  ::close(source);
  return count < 0 ? std::optional(file_failure("cannot read", path, error)) : std::nullopt;
}

void OutputFile::flush() {
  std::string_view left = buffer_;
  while (!left.empty() && first_errno_ == 0) {
    const ssize_t written = ::write(descriptor_, left.data(), left.size());
    if (written < 0 && errno != EINTR) {
      first_errno_ = errno;
    } else if (written > 0) {
      left.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  buffer_.clear();
}

std::optional<Failure> OutputFile::finish() {
  flush();
  if (first_errno_ == 0 && !unfinished_path_.empty() && ::fsync(descriptor_) != 0) {
    first_errno_ = errno;
  }
  if (descriptor_ >= 0 && ::close(descriptor_) != 0 && first_errno_ == 0) {
    first_errno_ = errno;
  }
  descriptor_ = -1;
  if (first_errno_ != 0) {
    discard();
    return file_failure("cannot write", shown_path_, first_errno_);
  }
  return std::nullopt;
}

std::optional<Failure> OutputFile::commit() {
  if (descriptor_ >= 0) {
    if (auto failure = finish()) {
      return failure;
    }
  }
  if (unfinished_path_.empty()) {
    return std::nullopt;
  }
  if (const int error = rename_to_final(); error != 0) {
    discard();
    return file_failure("cannot write", shown_path_, error);
  }
  if (!holds_earlier_) {
    free_slot(slot_);
    slot_ = -1;
    unfinished_path_.clear();
  }
  return std::nullopt;
}

// A file that is replaced keeps the unfinished name until this object goes.
int OutputFile::rename_to_final() {
  struct stat existing {};
  const bool replaces = ::lstat(final_path_.c_str(), &existing) == 0 && S_ISREG(existing.st_mode);
  holds_earlier_ = replaces && ::renameat2(AT_FDCWD, unfinished_path_.c_str(), AT_FDCWD,
                                           final_path_.c_str(), RENAME_EXCHANGE) == 0;
  if (!holds_earlier_ && ::rename(unfinished_path_.c_str(), final_path_.c_str()) != 0) {
    return errno;
  }
  is_new_ = !replaces;
  return 0;
}

void OutputFile::withdraw() {
  if (holds_earlier_) {
    holds_earlier_ = ::renameat2(AT_FDCWD, unfinished_path_.c_str(), AT_FDCWD, final_path_.c_str(),
                                 RENAME_EXCHANGE) != 0;
  } else if (is_new_) {
    ::unlink(final_path_.c_str());
  }
  is_new_ = false;
  discard();
}

void OutputFile::discard() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
    descriptor_ = -1;
  }
  if (!unfinished_path_.empty()) {
    ::unlink(unfinished_path_.c_str());
    unfinished_path_.clear();
  }
  free_slot(slot_);
  slot_ = -1;
}

void remove_unfinished_files() noexcept {
  for (const Slot& slot : slots) {
    if (slot.armed.load()) {
      ::unlink(slot.path.data());
    }
  }
}

void remove_unfinished_files_on_signals() {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    // A parent that ignores a signal (nohup) keeps it ignored.
    if (std::signal(number, on_end_signal) == SIG_IGN) {
      std::signal(number, SIG_IGN);
    }
  }
  std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace quintile::cli
