// What a column of a batch may be for a column of a store, and how long its texts may be.
#pragma once

#include <cstddef>

#include "quintile/types.hpp"
#include "storage/arrow_reader.hpp"

namespace quintile {

inline constexpr std::size_t kMaxTextBytes = 32768;

// Tell whether values of `type` can come as `arrow`.
inline bool can_come_as(DataType type, ArrowType arrow) noexcept {
  switch (type) {
    case DataType::kBool:
    case DataType::kConsent:
      return arrow == ArrowType::kBool;
    case DataType::kInt64:
      return arrow == ArrowType::kInt64 || arrow == ArrowType::kInt32;
    case DataType::kDecimal:
      return arrow == ArrowType::kInt64;
    case DataType::kDouble:
      return arrow == ArrowType::kDouble;
    case DataType::kDate:
      return arrow == ArrowType::kDate;
    case DataType::kTimestamp:
      return arrow == ArrowType::kTimestamp;
    case DataType::kCategory:
      return is_text(arrow);
    case DataType::kTags:
      return arrow == ArrowType::kUtf8List;
  }
  return false;
}

}  // namespace quintile
