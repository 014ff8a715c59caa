#pragma once

#include <cstddef>
#include <cstdint>

// Counting by code is a load, an add and a store per row. When neighbours have the same code each
// must wait for the store before it (about five cycles), so neighbouring rows count into different
// copies, added up at the end. Copies live on the stack while they are small.
namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

constexpr std::size_t kCounterCopies = 4;

// Counters of four copies for so many codes take 16 KiB: half of a usual L1.
constexpr std::size_t kCopiedCodes = 1024;

// Fewer rows than this are not worth clearing copies.
constexpr std::size_t kFewRows = 256;

template <std::size_t kCodes>
struct CounterCopies {
  std::uint32_t count[kCounterCopies][kCodes];

  [[gnu::always_inline]] explicit CounterCopies(std::size_t used) {
    for (auto& copy : count) {
      for (std::size_t i = 0; i < used; ++i)
        copy[i] = 0;
    }
  }
  [[gnu::always_inline]] void add_to(std::uint64_t* totals, std::size_t used) const {
    static_assert(kCounterCopies == 4);
    for (std::size_t i = 0; i < used; ++i) {
      totals[i] += std::uint64_t{count[0][i]} + count[1][i] + count[2][i] + count[3][i];
    }
  }
};

// counts[code_at(i)] += 1 for i < rows; rows < 2^32, code_count <= kCodes.
template <std::size_t kCodes, typename CodeAt>
[[gnu::always_inline]] inline void count_in_copies(std::size_t rows, std::uint64_t* counts,
                                                   std::size_t code_count, const CodeAt& code_at) {
  CounterCopies<kCodes> copies(code_count);
  std::size_t i = 0;
  for (; i + kCounterCopies <= rows; i += kCounterCopies) {
    for (std::size_t j = 0; j < kCounterCopies; ++j)
      ++copies.count[j][code_at(i + j)];
  }
  for (; i < rows; ++i)
    ++copies.count[0][code_at(i)];
  copies.add_to(counts, code_count);
}

}  // namespace
}  // namespace quintile::kernels::QUINTILE_ISA_NS
