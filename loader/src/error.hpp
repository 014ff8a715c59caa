// How the loader fails inside: one exception, caught at the C interface.
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include <arrow/result.h>
#include <arrow/status.h>

#include "quintile/loader.h"

namespace quintile::loader {

class LoadError : public std::runtime_error {
 public:
  LoadError(quintile_loader_status kind, const std::string& message)
      : std::runtime_error(message), kind_(kind) {}
  [[nodiscard]] quintile_loader_status kind() const noexcept { return kind_; }

 private:
  quintile_loader_status kind_;
};

[[noreturn]] inline void fail_data(const std::string& message) {
  throw LoadError(QUINTILE_LOADER_DATA, message);
}

[[noreturn]] inline void fail_usage(const std::string& message) {
  throw LoadError(QUINTILE_LOADER_USAGE, message);
}

// What the library says, with the reason of the operating system where there is one.
inline std::string text_of(const arrow::Status& status) {
  std::string text = status.message();
  if (status.detail() != nullptr) {
    text += ": " + status.detail()->ToString();
  }
  std::replace(text.begin(), text.end(), '\n', ' ');  // a message is one line
  return text;
}

// The message about a file whose contents are wrong: which one, how, and what to do.
inline std::string damage(const std::string& path, const std::string& what) {
  std::string text = what;
  std::replace(text.begin(), text.end(), '\n', ' ');
  return path + ": is damaged or cut off (" + text + "); make or fetch the file again";
}

// Turn a failure of the library into ours. `where` is the file, or what was being done.
inline void check(const arrow::Status& status, const std::string& where) {
  if (!status.ok()) {
    throw LoadError(status.IsOutOfMemory() ? QUINTILE_LOADER_FAILED : QUINTILE_LOADER_DATA,
                    where + ": " + text_of(status));
  }
}

template <class T>
T take(arrow::Result<T> result, const std::string& where) {
  check(result.status(), where);
  return std::move(result).ValueUnsafe();
}

// The same where only the contents of a file can be the cause.
inline void check_contents(const arrow::Status& status, const std::string& path) {
  if (!status.ok() && !status.IsOutOfMemory()) {
    fail_data(damage(path, text_of(status)));
  }
  check(status, path);
}

template <class T>
T take_contents(arrow::Result<T> result, const std::string& path) {
  check_contents(result.status(), path);
  return std::move(result).ValueUnsafe();
}

}  // namespace quintile::loader
