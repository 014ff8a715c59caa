// Random numbers that are the same everywhere. The standard library's engines are portable, its
// distributions are not, and log() and exp() differ between C libraries and even between machines
// with and without FMA. Everything here is made of 64-bit integers and of + - * / and sqrt on
// doubles, which IEEE 754 rounds in one way only; the target is compiled without contraction.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace quintile::datasets {

// A bijection of 64 bits without visible structure (the finaliser of SplitMix64).
[[nodiscard]] constexpr std::uint64_t mix64(std::uint64_t value) noexcept {
  value ^= value >> 30U;
  value *= 0xBF58476D1CE4E5B9U;
  value ^= value >> 27U;
  value *= 0x94D049BB133111EBU;
  value ^= value >> 31U;
  return value;
}

// Logarithm of a positive, normal number; within 2 units in the last place.
[[nodiscard]] double portable_log(double value) noexcept;
// Exponential; 0 below -700, the value at 700 above it.
[[nodiscard]] double portable_exp(double value) noexcept;

// What a sequence of random numbers is for. Each purpose has its own, so that leaving out the
// events changes no order.
enum class Purpose : std::uint64_t { kCatalogue = 1, kProfile, kOrders, kBehaviour, kVisitor };

// The sequence that belongs to (seed, purpose, index): nothing is shared between contacts, so they
// can be generated in any order.
class Random {
 public:
  Random(std::uint64_t seed, Purpose purpose, std::uint64_t index) noexcept
      : state_(mix64(mix64(mix64(seed) + static_cast<std::uint64_t>(purpose) * kStep) +
                     index * kStep)) {}

  [[nodiscard]] std::uint64_t next() noexcept {
    state_ += kStep;
    return mix64(state_);
  }
  // 0 to bound - 1.
  [[nodiscard]] std::uint32_t below(std::uint32_t bound) noexcept {
    return static_cast<std::uint32_t>(((next() >> 32U) * bound) >> 32U);
  }
  // 0 <= unit < 1, a multiple of 2^-53.
  [[nodiscard]] double unit() noexcept { return static_cast<double>(next() >> 11U) * 0x1p-53; }
  // 0 < unit <= 1.
  [[nodiscard]] double positive_unit() noexcept {
    return static_cast<double>((next() >> 11U) + 1) * 0x1p-53;
  }
  [[nodiscard]] bool chance(double probability) noexcept { return unit() < probability; }

  // Mean 1.
  [[nodiscard]] double exponential() noexcept { return -portable_log(positive_unit()); }
  // Mean 0, deviation 1.
  [[nodiscard]] double normal() noexcept;
  // Scale 1, mean `shape`.
  [[nodiscard]] double gamma(double shape) noexcept;
  // Mean a / (a + b).
  [[nodiscard]] double beta(double a, double b) noexcept;

 private:
  static constexpr std::uint64_t kStep = 0x9E3779B97F4A7C15U;
  std::uint64_t state_;
};

// A choice among n things with given weights in constant time (Walker's alias method).
class WeightedChoice {
 public:
  explicit WeightedChoice(std::span<const double> weights);
  // n things, the k-th (from 1) weighted k^-exponent: few are chosen often, many rarely.
  [[nodiscard]] static WeightedChoice power_law(std::size_t count, double exponent);

  [[nodiscard]] std::uint32_t pick(Random& random) const noexcept {
    const std::uint64_t bits = random.next();
    const auto slot = static_cast<std::uint32_t>(((bits >> 32U) * slots_.size()) >> 32U);
    const Slot& chosen = slots_[slot];
    return static_cast<std::uint32_t>(bits) < chosen.keep_below ? slot : chosen.other;
  }

 private:
  struct Slot {
    std::uint64_t keep_below;  // of 2^32
    std::uint32_t other;
  };
  std::vector<Slot> slots_;
};

}  // namespace quintile::datasets
