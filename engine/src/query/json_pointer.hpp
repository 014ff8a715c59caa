// Where in a JSON text a reader is, for its messages.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace quintile {

// One step down a JSON pointer (`/and/0`), for as long as it lives.
class JsonPointerStep {
 public:
  JsonPointerStep(std::string& pointer, std::string_view key)
      : pointer_(pointer), size_(pointer.size()) {
    pointer_.append("/").append(key);
  }
  ~JsonPointerStep() { pointer_.resize(size_); }
  JsonPointerStep(const JsonPointerStep&) = delete;
  JsonPointerStep& operator=(const JsonPointerStep&) = delete;

 private:
  std::string& pointer_;
  std::size_t size_;
};

}  // namespace quintile
