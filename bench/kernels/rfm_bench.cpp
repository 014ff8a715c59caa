#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "each_isa.hpp"
#include "quintile/kernels/rfm.hpp"
#include "support/columns.hpp"
#include "support/measure.hpp"

namespace quintile::bench {
namespace {

constexpr std::size_t kContacts = 8'000'000;
constexpr std::array<std::uint16_t, 4> kRecencyCuts = {60, 240, 540, 960};
constexpr std::array<std::uint32_t, 4> kFrequencyCuts = {1, 2, 4, 9};
constexpr std::array<std::int64_t, 4> kMonetaryCuts = {1500, 4000, 9000, 20000};

const ContactColumns& contacts() {
  static const ContactColumns columns = contact_columns(rows_to_measure(kContacts));
  return columns;
}

const std::vector<std::uint8_t>& flag_column(unsigned bits) {
  static const std::array<std::vector<std::uint8_t>, 2> columns = {
      code_column(rows_to_measure(kContacts), 8), code_column(rows_to_measure(kContacts), 256)};
  return columns[bits == 3 ? 0 : 1];
}

struct Codes {
  std::vector<std::uint8_t> r, f, m, codes;
  explicit Codes(std::size_t rows) : r(rows), f(rows), m(rows), codes(rows) {}
};

Codes& shared_codes() {
  static Codes codes(rows_to_measure(kContacts));
  return codes;
}

// Classes of 216 cells; a quarter of the flag values lead to another class in every third cell, as
// conditions of a real map do.
std::vector<std::uint8_t> class_table(unsigned flag_bits) {
  const std::vector<std::uint8_t> classes = code_column(216, 10);
  std::vector<std::uint8_t> table;
  for (std::size_t cell = 0; cell < classes.size(); ++cell) {
    for (std::size_t flags = 0; flags < std::size_t{1} << flag_bits; ++flags) {
      const bool other = cell % 3 == 0 && flags % 4 == 3;
      table.push_back(static_cast<std::uint8_t>(classes[cell] + (other ? 2 : 0)));
    }
  }
  return table;
}

// Three columns in, tiers and classes out; 5 x 5 x 5 with 0, 3 or 8 flag bits.
void bench_score(benchmark::State& state, unsigned flag_bits, unsigned cores) {
  const ContactColumns& in = contacts();
  Codes& out = shared_codes();
  const std::vector<std::uint8_t> table = class_table(flag_bits);
  const kernels::ScoreRule rule{kRecencyCuts, kFrequencyCuts, kMonetaryCuts, table, flag_bits};
  const std::size_t rows = in.recency.size();
  const auto elapsed = measure(state, [&] {
    for_blocks(rows, cores, [&](std::size_t first, std::size_t count) {
      const auto part = [&](auto& column) { return std::span(column).subspan(first, count); };
      kernels::ScoreColumns columns{
          part(in.recency), part(in.frequency), part(in.monetary), {}, {}};
      if (flag_bits > 0) columns.flags = part(flag_column(flag_bits));
      kernels::score(columns, rule, {part(out.r), part(out.f), part(out.m), part(out.codes)});
    });
  });
  report(state, {rows, rows * (flag_bits > 0 ? 19 : 18), cores}, elapsed, checksum_of(out.codes));
}

void bench_tiers(benchmark::State& state, unsigned cores) {
  const ContactColumns& in = contacts();
  Codes& out = shared_codes();
  const std::size_t rows = in.recency.size();
  const auto elapsed = measure(state, [&] {
    for_blocks(rows, cores, [&](std::size_t first, std::size_t count) {
      const auto part = [&](auto& column) { return std::span(column).subspan(first, count); };
      kernels::tiers_u16(part(in.recency), kRecencyCuts, true, part(out.r));
      kernels::tiers_u32(part(in.frequency), kFrequencyCuts, false, part(out.f));
      kernels::tiers_i64(part(in.monetary), {}, kMonetaryCuts, false, part(out.m));
    });
  });
  report(state, {rows, rows * 17, cores}, elapsed,
         checksum_of(out.m, checksum_of(out.f, checksum_of(out.r))));
}

// The three conditions of a class map on values, one block at a time.
void bench_flags(benchmark::State& state) {
  const ContactColumns& in = contacts();
  Codes& out = shared_codes();
  const std::size_t rows = in.recency.size();
  const auto elapsed = measure(state, [&] {
    for_blocks(rows, 1, [&](std::size_t first, std::size_t count) {
      const auto part = [&](auto& column) { return std::span(column).subspan(first, count); };
      const auto flags = part(out.codes);
      std::fill(flags.begin(), flags.end(), std::uint8_t{0});
      kernels::flag_range_u16(part(in.recency), 0, 30, 1, flags);
      kernels::flag_range_u32(part(in.frequency), 2, 9, 2, flags);
      kernels::flag_range_i64(part(in.monetary), 10000, 1000000, 4, flags);
    });
  });
  report(state, {rows, rows * 15}, elapsed, checksum_of(out.codes));
}

[[maybe_unused]] const bool registered = [] {
  for (const unsigned flag_bits : {0U, 3U, 8U}) {
    bench_each_isa_on_cores("score/flags:" + std::to_string(flag_bits),
                            [flag_bits](benchmark::State& state, unsigned cores) {
                              bench_score(state, flag_bits, cores);
                            });
  }
  bench_each_isa_on_cores("tiers", bench_tiers);
  bench_each_isa("flags", bench_flags);
  return true;
}();

}  // namespace
}  // namespace quintile::bench
