#include "output_file.hpp"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <system_error>
#include <unistd.h>

#include <arrow/io/file.h>

#include "error.hpp"

namespace quintile::loader {
namespace {

[[noreturn]] void fail_write(const std::string& path, const std::string& why) {
  throw LoadError(QUINTILE_LOADER_FAILED, "cannot write " + path + ": " + why);
}

// A file that did not exist before, with the usual permissions.
int create_file(const std::string& path) {
  return ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
}

std::string unused_name(const std::string& path) {
  static std::atomic<unsigned> count{0};
  return path + ".part-" + std::to_string(::getpid()) + "-" + std::to_string(++count);
}

}  // namespace

OutputFile::OutputFile(const std::string& path) : path_(path) {
  int descriptor = -1;
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (path == "-") {
    descriptor = ::dup(STDOUT_FILENO);
  } else if (std::filesystem::is_directory(status)) {
    fail_write(path, "is a folder");
  } else if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  } else {
    // Behind a link the file itself is replaced, not the link.
    if (std::filesystem::is_symlink(std::filesystem::symlink_status(path, error))) {
      path_ = std::filesystem::weakly_canonical(path, error).string();
    }
    written_path_ = unused_name(path_);
    descriptor = create_file(written_path_);
  }
  if (descriptor < 0) {
    written_path_.clear();
    fail_write(path, std::strerror(errno));
  }
  stream_ = take(arrow::io::FileOutputStream::Open(descriptor), path);
}

OutputFile::~OutputFile() {
  if (stream_ != nullptr && !stream_->closed()) {
    (void)stream_->Close();
  }
  if (!written_path_.empty()) {
    ::unlink(written_path_.c_str());
  }
}

void OutputFile::finish() {
  if (!stream_->closed()) {
    const arrow::Status status = stream_->Close();
    if (!status.ok()) {
      fail_write(path_, text_of(status));
    }
  }
  if (!written_path_.empty()) {
    if (::rename(written_path_.c_str(), path_.c_str()) != 0) {
      fail_write(path_, std::strerror(errno));
    }
    written_path_.clear();
  }
}

}  // namespace quintile::loader
