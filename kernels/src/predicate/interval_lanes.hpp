#pragma once

#include <cstddef>
#include <cstdint>

#include "lanes.hpp"

// Where values lie outside an interval, which other families ask too.
namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

// An integer lies outside [low, high] when its distance from low, taken without sign, is above
// high - low: one subtraction and one comparison whatever the bounds. All sets have comparisons of
// signed lanes, so both sides have their top bit flipped, which the subtraction does by the way.
template <typename Value, class Arch>
class IntervalLanes {
 public:
  using Key = std::make_signed_t<Value>;
  using Register = Lanes<Key, Arch>;

  // low <= high.
  [[gnu::always_inline]] IntervalLanes(Value low, Value high)
      : base_(static_cast<Key>(static_cast<Wide>(low) + kTop)),
        range_(static_cast<Key>((static_cast<Wide>(high) - static_cast<Wide>(low)) ^ kTop)) {}

  [[gnu::always_inline]] xsimd::batch_bool<Key, Arch> outside(const Value* values) const {
    return Register::load_unaligned(reinterpret_cast<const Key*>(values)) - base_ > range_;
  }

 private:
  using Wide = std::make_unsigned_t<Value>;
  static constexpr Wide kTop = static_cast<Wide>(Wide{1} << (sizeof(Value) * 8 - 1));

  Register base_;
  Register range_;
};

template <class Arch>
class IntervalLanes<double, Arch> {
 public:
  using Key = double;
  using Register = Lanes<double, Arch>;

  [[gnu::always_inline]] IntervalLanes(double low, double high) : low_(low), high_(high) {}

  [[gnu::always_inline]] xsimd::batch_bool<double, Arch> outside(const double* values) const {
    const Register value = Register::load_unaligned(values);
    return (value < low_) | (value > high_);
  }

 private:
  Register low_;
  Register high_;
};

// Bits of 64 values: those outside the interval.
template <typename Value, class Arch>
[[gnu::always_inline]] inline std::uint64_t bits_outside(
    const Value* values, const IntervalLanes<Value, Arch>& interval) {
  return bits_of_rows<typename IntervalLanes<Value, Arch>::Key, Arch>(
      [&](std::size_t j) { return interval.outside(values + j); });
}

}  // namespace
}  // namespace quintile::kernels::QUINTILE_ISA_NS
