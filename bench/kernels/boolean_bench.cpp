#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "each_isa.hpp"
#include "quintile/kernels/boolean.hpp"
#include "roaring/roaring.h"
#include "support/columns.hpp"
#include "support/measure.hpp"

// Eight terms over dense bitmaps of 10 million contacts, only counted:
//   (t0 OR t1) AND (t2 OR t3) AND NOT t4 AND (t5 OR t6 OR t7)
// against the same by CRoaring, pair by pair.
namespace quintile::bench {
namespace {

constexpr std::size_t kContacts = 10'000'000;
constexpr std::size_t kTerms = 8;

using kernels::BooleanOp;
using kernels::BooleanStep;
constexpr std::array<BooleanStep, 10> kExpression = {
    BooleanStep{BooleanOp::kPush, 0},
    {BooleanOp::kOr, 1},
    {BooleanOp::kPush, 2},
    {BooleanOp::kOr, 3},
    {BooleanOp::kAnd},
    {BooleanOp::kAndNot, 4},
    {BooleanOp::kPush, 5},
    {BooleanOp::kOr, 6},
    {BooleanOp::kOr, 7},
    {BooleanOp::kAnd},
};

using Bitmap = std::vector<std::uint64_t>;

std::vector<Bitmap> random_bitmaps(std::size_t count, std::uint64_t seed) {
  FixedRandom random(seed);
  std::vector<Bitmap> bitmaps(count);
  for (Bitmap& bitmap : bitmaps) {
    bitmap.resize(kernels::words_for(contacts_to_measure(kContacts)));
    for (std::uint64_t& word : bitmap)
      word = random();
    bitmap.back() &= ~std::uint64_t{0} >> (63 - (contacts_to_measure(kContacts) + 63) % 64);
  }
  return bitmaps;
}

// Threads that wait for work without sleeping: starting or waking one takes as long as the work.
class SpinningThreads {
 public:
  explicit SpinningThreads(unsigned cores) : cores_(cores) {
    for (unsigned core = 1; core < cores; ++core)
      threads_.emplace_back([this, core] { serve(core); });
  }
  SpinningThreads(const SpinningThreads&) = delete;
  SpinningThreads& operator=(const SpinningThreads&) = delete;
  ~SpinningThreads() {
    stopping_ = true;
    ++round_;
  }

  template <typename Work>
  void run(const Work& work) {
    work_ = [](const void* context, unsigned core) { (*static_cast<const Work*>(context))(core); };
    context_ = &work;
    busy_ = cores_ - 1;
    ++round_;
    work(0U);
    while (busy_ != 0)
      std::this_thread::yield();
  }

 private:
  void serve(unsigned core) {
    for (unsigned seen = 0;;) {
      while (round_ == seen)
        std::this_thread::yield();
      seen = round_;
      if (stopping_) return;
      work_(context_, core);
      --busy_;
    }
  }

  unsigned cores_;
  std::atomic<unsigned> round_{0};
  std::atomic<unsigned> busy_{0};
  std::atomic<bool> stopping_{false};
  void (*work_)(const void*, unsigned) = nullptr;
  const void* context_ = nullptr;
  std::vector<std::jthread> threads_;
};

// True rows of the blocks that fall to one core.
std::uint64_t count_blocks_of(unsigned core, unsigned cores, std::span<const Bitmap> terms,
                              std::span<const Bitmap> nulls) {
  const std::size_t rows = contacts_to_measure(kContacts);
  std::uint64_t count = 0;
  for (std::size_t first = core * kernels::kBlockRows; first < rows;
       first += cores * kernels::kBlockRows) {
    const std::size_t block = std::min(kernels::kBlockRows, rows - first);
    std::array<kernels::BooleanTerm, kTerms> views;
    for (std::size_t t = 0; t < kTerms; ++t) {
      views[t].is_true = std::span(terms[t]).subspan(first / 64);
      if (!nulls.empty()) views[t].is_null = std::span(nulls[t]).subspan(first / 64);
    }
    count += kernels::evaluate_boolean(kExpression, views, block, {}).is_true;
  }
  return count;
}

// Warm: the same 10 MB again and again. Cold: eight copies in turn, more than the last cache holds.
void bench_count(benchmark::State& state, unsigned cores, bool cold, bool nullable) {
  const std::size_t copies = cold && !is_smoke_run() ? 8 : 1;
  const std::vector<Bitmap> terms = random_bitmaps(kTerms * copies, 21);
  std::vector<Bitmap> nulls;
  if (nullable) nulls = random_bitmaps(kTerms * copies, 22);
  for (std::size_t t = 0; t < nulls.size(); ++t) {
    for (std::size_t w = 0; w < nulls[t].size(); ++w)
      nulls[t][w] &= ~terms[t][w];
  }
  SpinningThreads threads(cores);
  std::array<std::uint64_t, 64> counts{};
  std::size_t copy = 0;
  const auto elapsed = measure(state, [&] {
    const auto part = [&](const std::vector<Bitmap>& all) {
      return all.empty() ? std::span<const Bitmap>()
                         : std::span<const Bitmap>(all).subspan(copy * kTerms, kTerms);
    };
    threads.run([&](unsigned core) {
      counts[core] = count_blocks_of(core, cores, part(terms), part(nulls));
    });
    copy = (copy + 1) % copies;
  });
  std::uint64_t count = 0;
  for (std::size_t c = 0; c < copies; ++c)
    count += count_blocks_of(
        0, 1, std::span(terms).subspan(c * kTerms, kTerms),
        nullable ? std::span(nulls).subspan(c * kTerms, kTerms) : std::span<const Bitmap>());
  const std::size_t bytes = contacts_to_measure(kContacts) / 8 * kTerms * (nullable ? 2 : 1);
  report(state, {contacts_to_measure(kContacts), bytes, cores}, elapsed, count / copies);
}

struct FreeRoaring {
  void operator()(roaring_bitmap_t* bitmap) const { roaring_bitmap_free(bitmap); }
};
using Roaring = std::unique_ptr<roaring_bitmap_t, FreeRoaring>;

Roaring to_roaring(const Bitmap& words) {
  Roaring result(roaring_bitmap_create());
  for (std::size_t i = 0; i < words.size() * 64; ++i) {
    if (((words[i / 64] >> (i % 64)) & 1U) != 0)
      roaring_bitmap_add(result.get(), static_cast<std::uint32_t>(i));
  }
  return result;
}

// Intermediate results are changed in place, and the last step counts without a result.
void bench_roaring(benchmark::State& state) {
  std::vector<Roaring> terms;
  for (const Bitmap& bitmap : random_bitmaps(kTerms, 21))
    terms.push_back(to_roaring(bitmap));
  const auto term = [&](std::size_t t) { return terms[t].get(); };
  std::uint64_t count = 0;
  const auto elapsed = measure(state, [&] {
    const Roaring left(roaring_bitmap_or(term(0), term(1)));
    const Roaring middle(roaring_bitmap_or(term(2), term(3)));
    roaring_bitmap_and_inplace(left.get(), middle.get());
    roaring_bitmap_andnot_inplace(left.get(), term(4));
    const Roaring right(roaring_bitmap_or(term(5), term(6)));
    roaring_bitmap_or_inplace(right.get(), term(7));
    count = roaring_bitmap_and_cardinality(left.get(), right.get());
  });
  const std::size_t rows = contacts_to_measure(kContacts);
  report(state, {rows, rows / 8 * kTerms}, elapsed, count);
}

[[maybe_unused]] const bool registered = [] {
  bench_each_isa_on_cores("count_8_terms_warm", [](benchmark::State& state, unsigned cores) {
    bench_count(state, cores, false, false);
  });
  bench_each_isa_on_cores("count_8_terms_cold", [](benchmark::State& state, unsigned cores) {
    bench_count(state, cores, true, false);
  });
  bench_each_isa_on_cores("count_8_terms_with_nulls", [](benchmark::State& state, unsigned cores) {
    bench_count(state, cores, false, true);
  });
  benchmark::RegisterBenchmark("count_8_terms_warm/cores:1/croaring", bench_roaring)
      ->UseRealTime()
      ->Unit(benchmark::kMillisecond);
  return true;
}();

}  // namespace
}  // namespace quintile::bench
