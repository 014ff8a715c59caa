#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "each_isa.hpp"
#include "quintile/kernels/bitmap.hpp"
#include "support/columns.hpp"
#include "support/measure.hpp"

namespace quintile::bench {
namespace {

constexpr std::size_t kContacts = 8'000'000;

// All bitmaps of one code column, a block at a time, with their counts.
void bench_code_bitmaps(benchmark::State& state, std::size_t code_count) {
  const std::vector<std::uint8_t> codes = code_column(rows_to_measure(kContacts), code_count);
  std::vector<std::uint64_t> words(code_count * kernels::kBlockWords);
  std::vector<std::uint64_t> counts(code_count);
  const std::size_t rows = codes.size();
  const auto elapsed = measure(state, [&] {
    counts.assign(code_count, 0);
    for_blocks(rows, 1, [&](std::size_t first, std::size_t count) {
      kernels::code_bitmaps(std::span(codes).subspan(first, count), 0, code_count,
                            kernels::kBlockWords, words, counts);
    });
  });
  report(state, {rows, rows + rows / 8 * code_count}, elapsed,
         checksum_of(words, checksum_of(counts)));
}

void bench_count_bits(benchmark::State& state) {
  FixedRandom random(5);
  std::vector<std::uint64_t> words(rows_to_measure(kContacts) / 8);
  for (std::uint64_t& word : words)
    word = random();
  std::uint64_t count = 0;
  const auto elapsed = measure(state, [&] { count = kernels::count_bits(words); });
  report(state, {words.size(), words.size() * 8}, elapsed, count);
}

void bench_mark_nonzero(benchmark::State& state) {
  const std::vector<std::uint32_t> values = contact_columns(rows_to_measure(kContacts)).frequency;
  std::vector<std::uint64_t> words(kernels::words_for(values.size()));
  const auto elapsed = measure(state, [&] { kernels::mark_nonzero_u32(values, words); });
  report(state, {values.size(), values.size() * 4}, elapsed, checksum_of(words));
}

[[maybe_unused]] const bool registered = [] {
  for (const std::size_t code_count : {12, 40, 90, 200}) {
    bench_each_isa("code_bitmaps_" + std::to_string(code_count),
                   [code_count](benchmark::State& s) { bench_code_bitmaps(s, code_count); });
  }
  bench_each_isa("count_bits", bench_count_bits);
  bench_each_isa("mark_nonzero", bench_mark_nonzero);
  return true;
}();

}  // namespace
}  // namespace quintile::bench
