// Columns that come in through the Arrow C stream interface, checked before they are read.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "quintile/arrow_abi.h"
#include "quintile/status.hpp"

namespace quintile {

enum class ArrowType : std::uint8_t {
  kUtf8,
  kLargeUtf8,
  kInt64,
  kInt32,
  kBool,
  kDouble,
  kDate,       // date32
  kTimestamp,  // microseconds, UTC
  kUtf8List,
  kOther
};

struct ArrowField {
  std::string name;
  std::string format;
  ArrowType type = ArrowType::kOther;
};

[[nodiscard]] constexpr bool is_text(ArrowType type) noexcept {
  return type == ArrowType::kUtf8 || type == ArrowType::kLargeUtf8;
}

// One column of one batch. Valid while the batch is. Made by ArrowReader, which has checked that
// the buffers are there and that offsets ascend within their buffer's stated end.
class ArrowColumn {
 public:
  ArrowColumn() = default;
  ArrowColumn(ArrowType type, const ArrowArray* array, std::int64_t parent_offset) noexcept
      : type_(type), array_(array), offset_(array->offset + parent_offset) {}

  [[nodiscard]] explicit operator bool() const noexcept { return array_ != nullptr; }
  [[nodiscard]] ArrowType type() const noexcept { return type_; }
  [[nodiscard]] bool is_null(std::int64_t row) const noexcept {
    const auto* valid = static_cast<const std::uint8_t*>(array_->buffers[0]);
    return valid != nullptr && !bit(valid, row + offset_);
  }
  // False: no row is null.
  [[nodiscard]] bool may_have_nulls() const noexcept { return array_->buffers[0] != nullptr; }
  // Texts: of kUtf8 and kLargeUtf8.
  [[nodiscard]] std::string_view text(std::int64_t row) const noexcept {
    const char* bytes = static_cast<const char*>(array_->buffers[2]);
    if (type_ == ArrowType::kUtf8) {
      const std::int32_t* offsets = values<std::int32_t>() + row + offset_;
      return {bytes + offsets[0], static_cast<std::size_t>(offsets[1] - offsets[0])};
    }
    const std::int64_t* offsets = values<std::int64_t>() + row + offset_;
    return {bytes + offsets[0], static_cast<std::size_t>(offsets[1] - offsets[0])};
  }
  // Numbers: of kInt64, kInt32, kDate, kTimestamp.
  [[nodiscard]] std::int64_t integer(std::int64_t row) const noexcept {
    if (type_ == ArrowType::kInt32 || type_ == ArrowType::kDate) {
      return values<std::int32_t>()[row + offset_];
    }
    return values<std::int64_t>()[row + offset_];
  }
  [[nodiscard]] double real(std::int64_t row) const noexcept {
    return values<double>()[row + offset_];
  }
  [[nodiscard]] bool boolean(std::int64_t row) const noexcept {
    return bit(values<std::uint8_t>(), row + offset_);
  }
  // The int64 or timestamp values of the batch without a null check.
  [[nodiscard]] const std::int64_t* integers() const noexcept {
    return values<std::int64_t>() + offset_;
  }
  // Lists: of kUtf8List.
  [[nodiscard]] std::int32_t list_begin(std::int64_t row) const noexcept {
    return values<std::int32_t>()[row + offset_];
  }
  [[nodiscard]] std::int32_t list_end(std::int64_t row) const noexcept {
    return values<std::int32_t>()[row + offset_ + 1];
  }
  [[nodiscard]] ArrowColumn items() const noexcept {
    return {ArrowType::kUtf8, array_->children[0], 0};
  }

  // What makes rows 0 to `rows` - 1 unreadable, or an empty text.
  [[nodiscard]] std::string defect(std::int64_t rows) const;

 private:
  template <class T>
  [[nodiscard]] const T* values() const noexcept {
    return static_cast<const T*>(array_->buffers[1]);
  }
  static bool bit(const std::uint8_t* bits, std::int64_t i) noexcept {
    return ((bits[i / 8] >> (i % 8)) & 1) != 0;
  }

  ArrowType type_ = ArrowType::kOther;
  const ArrowArray* array_ = nullptr;
  std::int64_t offset_ = 0;
};

// Owns a stream of structs and its current batch. Not copyable: the structures have one owner.
class ArrowReader {
 public:
  explicit ArrowReader(ArrowArrayStream* stream) noexcept : stream_(stream) {}
  ArrowReader(const ArrowReader&) = delete;
  ArrowReader& operator=(const ArrowReader&) = delete;
  ~ArrowReader();

  // Reads the type of the stream. Must succeed before anything else is called.
  Status open();
  [[nodiscard]] std::span<const ArrowField> fields() const noexcept { return fields_; }
  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const noexcept;

  // Goes to the next batch; false at the end.
  Result<bool> next();
  [[nodiscard]] std::int64_t rows() const noexcept { return batch_.length; }
  // Column `field` of the batch.
  [[nodiscard]] ArrowColumn column(std::size_t field) const noexcept;

 private:
  Status stream_error(int code, std::string_view doing);

  ArrowArrayStream* stream_;
  std::vector<ArrowField> fields_;
  ArrowArray batch_{};
};

}  // namespace quintile
