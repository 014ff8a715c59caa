#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "each_isa.hpp"
#include "quintile/kernels/predicate.hpp"
#include "support/columns.hpp"
#include "support/measure.hpp"

namespace quintile::bench {
namespace {

constexpr std::size_t kContacts = 10'000'000;

template <typename Value>
std::vector<Value> random_column(std::uint64_t limit) {
  FixedRandom random(11);
  std::vector<Value> column(contacts_to_measure(kContacts));
  for (Value& value : column)
    value = static_cast<Value>(random.below(limit));
  return column;
}

// mark(rows of the column, its validity, where to) over all blocks. `nullable`: one row in eight
// has no value, and nulls are written too. The result is what a chunk-wise evaluation needs: one
// block's bitmaps, which stay in the caches.
template <typename Value, typename Mark>
void bench_blocks(benchmark::State& state, unsigned cores, const std::vector<Value>& column,
                  bool nullable, const Mark& mark) {
  FixedRandom random(12);
  std::vector<std::uint64_t> valid(nullable ? kernels::words_for(column.size()) : 0);
  for (std::uint64_t& word : valid)
    word = random() | random() | random();
  std::vector<std::uint64_t> is_true(kernels::words_for(column.size()));
  std::vector<std::uint64_t> is_null(valid.size());
  const auto elapsed = measure(state, [&] {
    for_blocks(column.size(), cores, [&](std::size_t first, std::size_t rows) {
      const std::size_t word = first / 64;
      const std::size_t words = kernels::words_for(rows);
      const auto part = [&](auto& bitmap) {
        return bitmap.empty() ? std::span(bitmap) : std::span(bitmap).subspan(word, words);
      };
      mark(std::span<const Value>(column).subspan(first, rows), part(valid),
           kernels::TruthWords{part(is_true), part(is_null)});
    });
  });
  const std::size_t bitmaps = nullable ? 3 : 1;
  const std::size_t bytes = column.size() * sizeof(Value) + column.size() / 8 * bitmaps;
  report(state, {column.size(), bytes, cores}, elapsed, checksum_of(is_true, checksum_of(is_null)));
}

template <typename Value, typename Mark>
void register_interval(const std::string& type, std::uint64_t limit, const Mark& mark) {
  for (const bool nullable : {false, true}) {
    bench_each_isa_on_cores("interval_" + type + (nullable ? "_nullable" : ""),
                            [limit, nullable, mark](benchmark::State& state, unsigned cores) {
                              const kernels::Interval<Value> interval{
                                  static_cast<Value>(limit / 4), static_cast<Value>(limit / 2)};
                              bench_blocks<Value>(
                                  state, cores, random_column<Value>(limit), nullable,
                                  [&](auto values, auto valid, const kernels::TruthWords& out) {
                                    mark(values, interval, valid, out);
                                  });
                            });
  }
}

template <typename Value, typename Mark>
void register_list(const std::string& type, std::size_t count, const Mark& mark) {
  bench_each_isa_on_cores("list" + std::to_string(count) + "_" + type,
                          [count, mark](benchmark::State& state, unsigned cores) {
                            std::vector<Value> wanted(count);
                            for (std::size_t i = 0; i < count; ++i)
                              wanted[i] = static_cast<Value>(i * 7 + 1);
                            bench_blocks<Value>(
                                state, cores, random_column<Value>(200), false,
                                [&](auto values, auto valid, const kernels::TruthWords& out) {
                                  mark(values, wanted, false, valid, out);
                                });
                          });
}

template <typename Code, typename Mark>
void register_codes(const std::string& type, std::size_t entries, const Mark& mark) {
  bench_each_isa_on_cores("codes" + std::to_string(entries) + "_" + type,
                          [entries, mark](benchmark::State& state, unsigned cores) {
                            FixedRandom random(13);
                            std::vector<std::uint64_t> table(kernels::words_for(entries));
                            for (std::uint64_t& word : table)
                              word = random() & random();
                            if (entries % 64 != 0) table.back() >>= 64 - entries % 64;
                            bench_blocks<Code>(
                                state, cores, random_column<Code>(entries), false,
                                [&](auto codes, auto valid, const kernels::TruthWords& out) {
                                  mark(codes, table, false, valid, out);
                                });
                          });
}

[[maybe_unused]] const bool registered = [] {
  register_interval<std::uint8_t>("u8", 200, kernels::mark_interval_u8);
  register_interval<std::uint16_t>("u16", 1500, kernels::mark_interval_u16);
  register_interval<std::uint32_t>("u32", 1000, kernels::mark_interval_u32);
  register_interval<std::int32_t>("i32", 40000, kernels::mark_interval_i32);
  register_interval<std::int64_t>("i64", 1000000, kernels::mark_interval_i64);
  register_interval<double>("f64", 1000000, kernels::mark_interval_f64);
  register_list<std::uint16_t>("u16", 3, kernels::mark_list_u16);
  register_list<std::uint32_t>("u32", 3, kernels::mark_list_u32);
  register_list<std::uint32_t>("u32", 16, kernels::mark_list_u32);
  register_list<std::int64_t>("i64", 3, kernels::mark_list_i64);
  register_codes<std::uint8_t>("u8", 200, kernels::mark_codes_u8);
  register_codes<std::uint16_t>("u16", 200, kernels::mark_codes_u16);
  register_codes<std::uint16_t>("u16", 20000, kernels::mark_codes_u16);
  register_codes<std::uint32_t>("u32", 200, kernels::mark_codes_u32);
  register_codes<std::uint32_t>("u32", 20000, kernels::mark_codes_u32);
  return true;
}();

}  // namespace
}  // namespace quintile::bench
