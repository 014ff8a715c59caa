// The values of one operand of an expression for the rows of one block.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>

#include "quintile/expression.hpp"
#include "storage/aligned_buffer.hpp"

namespace quintile {

struct EventScratch;

// Filled once per operand and block, and used again from block to block; one per thread. A fill
// begins with one of the functions that name a type: it makes room for `rows` values, all 0, and
// none of them is NULL until valid() is called. Spans live until the next fill.
class OperandBuffer {
 public:
  OperandBuffer();
  OperandBuffer(OperandBuffer&&) noexcept;
  OperandBuffer& operator=(OperandBuffer&&) noexcept;
  ~OperandBuffer();

  [[nodiscard]] ExpressionColumnView view() const noexcept { return view_; }

  // kInt64, kDecimal, kDate, kTimestamp: 8 bytes a value, signed.
  std::span<std::int64_t> integers(std::size_t rows) { return show(integers_, rows, 8); }
  // kInt64 of numbers below 2^31, and the codes of kCategory: 4 bytes.
  std::span<std::uint32_t> small(std::size_t rows) { return show(small_, rows, 4); }
  // kInt64 of numbers below 2^16: 2 bytes.
  std::span<std::uint16_t> tiny(std::size_t rows) { return show(tiny_, rows, 2); }
  // kDouble.
  std::span<double> reals(std::size_t rows) { return show(reals_, rows, 8); }
  // kBool: a bitmap, (rows + 63) / 64 words; bits past `rows` stay 0.
  std::span<std::uint64_t> bits(std::size_t rows) { return show(bits_, (rows + 63) / 64, 8); }
  // The bitmap of the rows that are not NULL, all 0 now.
  std::span<std::uint64_t> valid(std::size_t rows) {
    valid_.assign((rows + 63) / 64, 0);
    view_.valid = valid_.data();
    return valid_.span();
  }

  // What evaluate_event_operand() keeps from block to block; made by the first call.
  [[nodiscard]] EventScratch& scratch();

 private:
  template <class T>
  std::span<T> show(AlignedBuffer<T>& buffer, std::size_t size, int value_bytes) {
    buffer.assign(size, T{});
    view_ = {buffer.data(), nullptr, value_bytes};
    return buffer.span();
  }

  ExpressionColumnView view_;
  AlignedBuffer<std::int64_t> integers_;
  AlignedBuffer<std::uint32_t> small_;
  AlignedBuffer<std::uint16_t> tiny_;
  AlignedBuffer<double> reals_;
  AlignedBuffer<std::uint64_t> bits_;
  AlignedBuffer<std::uint64_t> valid_;
  std::unique_ptr<EventScratch> scratch_;
};

}  // namespace quintile
