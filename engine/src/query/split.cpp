#include "query/split.hpp"

#include <xxhash.h>

namespace quintile::query {

SplitHash::SplitHash(std::string_view seed) : text_(seed) {
  text_.push_back('\0');
  prefix_ = text_.size();
}

int SplitHash::bucket(std::string_view id) {
  text_.resize(prefix_);
  text_.append(id);
  return static_cast<int>(XXH3_64bits(text_.data(), text_.size()) % 10'000);
}

}  // namespace quintile::query
