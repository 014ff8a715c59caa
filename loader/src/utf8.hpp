// Whether bytes are text.
#pragma once

#include <string_view>

#include <arrow/util/utf8.h>

namespace quintile::loader {

inline bool is_utf8(std::string_view text) {
  // The check reads a table that has to be filled once; without it all bytes pass.
  static const bool is_ready = [] {
    arrow::util::InitializeUTF8();
    return true;
  }();
  return is_ready && arrow::util::ValidateUTF8(text);
}

}  // namespace quintile::loader
