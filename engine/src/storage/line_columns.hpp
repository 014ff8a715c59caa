// The columns of order lines beside contact, time, amount and order id.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "quintile/types.hpp"
#include "storage/aligned_buffer.hpp"
#include "storage/id_table.hpp"

namespace quintile {

inline constexpr std::int64_t kOneUnit = 1000;  // a quantity of 1, in thousandths

// What a column is called and what its values are. The dictionary of a kCategory column lives here
// and is shared by the delta and all blocks.
struct LineColumn {
  std::string name;
  DataType type = DataType::kCategory;  // kCategory, kInt64, kBool, kDecimal (quantity)
  std::unique_ptr<IdTable> dictionary;  // kCategory
  int decimals = 0;                     // kDecimal of events
};

// The values of one LineColumn for some lines: exactly one of the buffers is used.
struct LineValues {
  AlignedBuffer<std::uint32_t> codes;    // kCategory: codes; kBool: 0 and 1; null: kNoCode
  AlignedBuffer<std::int64_t> integers;  // kInt64, kDecimal
  AlignedBuffer<std::uint8_t> valid;     // kInt64: 1 = not null
};

}  // namespace quintile
