#include "number_values.hpp"

#include <utility>

#include <arrow/array.h>
#include <arrow/buffer.h>
#include <arrow/type.h>
#include <arrow/util/bit_util.h>

#include "error.hpp"

namespace quintile::loader {
namespace {

template <class Value>
std::shared_ptr<arrow::Buffer> packed_bits(const std::vector<Value>& flags) {
  const auto length = static_cast<std::int64_t>(flags.size());
  std::shared_ptr<arrow::Buffer> bits = take(arrow::AllocateEmptyBitmap(length), "memory");
  for (std::int64_t i = 0; i < length; ++i) {
    arrow::bit_util::SetBitTo(bits->mutable_data(), i, flags[static_cast<std::size_t>(i)] != 0);
  }
  return bits;
}

}  // namespace

std::shared_ptr<arrow::Array> NumberValues::to_array(const Rows& rows,
                                                     const std::shared_ptr<arrow::DataType>& type) {
  std::vector<std::int64_t> values = std::move(values_);
  const std::vector<std::uint8_t> present = [&] {
    rows.keep_accepted(present_);
    return std::move(present_);
  }();
  rows.keep_accepted(values);
  const auto length = static_cast<std::int64_t>(values.size());
  std::shared_ptr<arrow::Buffer> data;
  if (type->id() == arrow::Type::BOOL) {
    data = packed_bits(values);
  } else if (type->id() == arrow::Type::DATE32) {
    data = arrow::Buffer::FromVector(std::vector<std::int32_t>(values.begin(), values.end()));
  } else {
    data = arrow::Buffer::FromVector(std::move(values));
  }
  const std::shared_ptr<arrow::Buffer> validity = present.empty() ? nullptr : packed_bits(present);
  return arrow::MakeArray(arrow::ArrayData::Make(type, length, {validity, data}));
}

}  // namespace quintile::loader
