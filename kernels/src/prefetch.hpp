#pragma once

#include <cstddef>
#include <cstdint>

// Loops that stop between two stretches of a column, to work on what they have read, leave the
// memory idle meanwhile: the processor's own prefetcher waits for the next load. So they ask for
// the lines themselves, a stretch ahead. Addresses past the column are asked for too, which does no
// harm.
namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

// Asks for the cache lines of kCount values that begin `bytes_ahead` bytes behind `values`.
template <std::size_t kCount, typename Value>
[[gnu::always_inline]] inline void prefetch_values(const Value* values, std::size_t bytes_ahead) {
  constexpr std::size_t kLine = 64;
  constexpr int kForReading = 0;
  constexpr int kIntoSecondCache = 2;
  const std::uintptr_t first = reinterpret_cast<std::uintptr_t>(values) + bytes_ahead;
  for (std::size_t at = 0; at < kCount * sizeof(Value); at += kLine) {
    __builtin_prefetch(reinterpret_cast<const void*>(first + at), kForReading, kIntoSecondCache);
  }
}

}  // namespace
}  // namespace quintile::kernels::QUINTILE_ISA_NS
