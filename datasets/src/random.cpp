#include "random.hpp"

#include <bit>
#include <cfloat>
#include <cmath>
#include <limits>

namespace quintile::datasets {

static_assert(std::numeric_limits<double>::is_iec559, "the rows rest on IEEE 754 arithmetic");
static_assert(FLT_EVAL_METHOD == 0, "doubles must not be kept in wider registers");

namespace {

constexpr double kLn2 = 0x1.62e42fefa39efp-1;
constexpr double kSqrt2 = 0x1.6a09e667f3bcdp+0;
constexpr std::uint64_t kMantissaMask = (std::uint64_t{1} << 52U) - 1;
constexpr std::uint64_t kExponentOfOne = std::uint64_t{1023} << 52U;

// atanh(s)/s - 1 over s^2 is 1/3 + s^2/5 + ...; with |s| <= 0.1716 eleven terms reach 1e-17.
double atanh_series(double square) noexcept {
  double sum = 1.0 / 23;
  for (int odd = 21; odd >= 1; odd -= 2) {
    sum = sum * square + 1.0 / odd;
  }
  return sum;
}

}  // namespace

double portable_log(double value) noexcept {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  int exponent = static_cast<int>(bits >> 52U) - 1023;
  double mantissa = std::bit_cast<double>((bits & kMantissaMask) | kExponentOfOne);
  if (mantissa > kSqrt2) {
    mantissa *= 0.5;
    ++exponent;
  }
  const double s = (mantissa - 1.0) / (mantissa + 1.0);
  return exponent * kLn2 + 2.0 * s * atanh_series(s * s);
}

double portable_exp(double value) noexcept {
  if (value < -700.0) {
    return 0.0;
  }
  const double limited = value > 700.0 ? 700.0 : value;
  const double half = limited < 0 ? -0.5 : 0.5;
  const int power = static_cast<int>(limited / kLn2 + half);
  const double rest = limited - power * kLn2;
  double sum = 1.0;
  for (int term = 14; term >= 1; --term) {
    sum = 1.0 + sum * rest / term;
  }
  const auto scale = static_cast<std::uint64_t>(1023 + power) << 52U;
  return sum * std::bit_cast<double>(scale);
}

// Marsaglia's polar method: only log and sqrt, no angle.
double Random::normal() noexcept {
  for (;;) {
    const double x = 2.0 * unit() - 1.0;
    const double y = 2.0 * unit() - 1.0;
    const double square = x * x + y * y;
    if (square < 1.0 && square > 0.0) {
      return x * std::sqrt(-2.0 * portable_log(square) / square);
    }
  }
}

// Marsaglia and Tsang, 2000; a shape below 1 is one above it times a power of a uniform number.
double Random::gamma(double shape) noexcept {
  if (shape < 1.0) {
    const double boost = portable_exp(portable_log(positive_unit()) / shape);
    return gamma(shape + 1.0) * boost;
  }
  const double d = shape - 1.0 / 3.0;
  const double c = 1.0 / std::sqrt(9.0 * d);
  for (;;) {
    const double x = normal();
    const double root = 1.0 + c * x;
    if (root <= 0.0) {
      continue;
    }
    const double cube = root * root * root;
    const double bound = 0.5 * x * x + d - d * cube + d * portable_log(cube);
    if (portable_log(positive_unit()) < bound) {
      return d * cube;
    }
  }
}

double Random::beta(double a, double b) noexcept {
  const double x = gamma(a);
  const double y = gamma(b);
  const double sum = x + y;
  return sum > 0.0 ? x / sum : 0.5;
}

WeightedChoice::WeightedChoice(std::span<const double> weights) : slots_(weights.size()) {
  double total = 0;
  for (const double weight : weights) {
    total += weight;
  }
  std::vector<double> share;
  std::vector<std::uint32_t> small;
  std::vector<std::uint32_t> large;
  for (std::uint32_t i = 0; i < weights.size(); ++i) {
    share.push_back(weights[i] / total * static_cast<double>(weights.size()));
    (share[i] < 1.0 ? small : large).push_back(i);
    slots_[i] = {.keep_below = std::uint64_t{1} << 32U, .other = i};
  }
  while (!small.empty() && !large.empty()) {
    const std::uint32_t poor = small.back();
    const std::uint32_t rich = large.back();
    small.pop_back();
    slots_[poor] = {.keep_below = static_cast<std::uint64_t>(share[poor] * 0x1p32), .other = rich};
    share[rich] -= 1.0 - share[poor];
    if (share[rich] < 1.0) {
      large.pop_back();
      small.push_back(rich);
    }
  }
}

WeightedChoice WeightedChoice::power_law(std::size_t count, double exponent) {
  std::vector<double> weights(count);
  for (std::size_t i = 0; i < count; ++i) {
    weights[i] = portable_exp(-exponent * portable_log(static_cast<double>(i + 1)));
  }
  return WeightedChoice(weights);
}

}  // namespace quintile::datasets
