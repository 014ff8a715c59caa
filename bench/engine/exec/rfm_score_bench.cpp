#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "kernels/each_isa.hpp"
#include "peers/shop_model.hpp"
#include "support/columns.hpp"
#include "support/measure.hpp"

// The preset classic5 over columns of R, F and M.
//   full      cut points, tiers, classes and segments, without any kept state
//   cuts      the cut points alone
//   rescore   what follows, with the cut points given
// QUINTILE_BENCH_CONTACTS=N (such as 100000000) adds a size.
namespace quintile::bench {
namespace {

constexpr std::size_t kColumnBytes = 14;  // R u16, F u32, M i64
constexpr std::size_t kCodeBytes = 4;     // three tiers and a class

template <typename Value>
AlignedBuffer<Value> buffer_of(const std::vector<Value>& values) {
  AlignedBuffer<Value> buffer;
  buffer.append(values);
  return buffer;
}

// One model for all benchmarks of a size and a number of threads; its result is that of the last.
struct Shop {
  std::unique_ptr<Arena::Executor> executor;
  std::unique_ptr<peers::ShopModel> model;
};

Shop make_shop(std::size_t contacts, unsigned cores) {
  Result<RfmModel> model = rfm_preset("classic5", 2);
  if (!model.ok()) throw std::runtime_error(std::string(model.status().message()));
  const ContactColumns columns = contact_columns(contacts);
  Shop shop;
  shop.executor = make_tbb_executor(static_cast<int>(cores));
  shop.model = std::make_unique<peers::ShopModel>(std::move(*model), buffer_of(columns.recency),
                                                  buffer_of(columns.frequency),
                                                  buffer_of(columns.monetary), *shop.executor);
  shop.model->compute_cuts();
  return shop;
}

// Benchmarks run size by size, so only the last shop is kept.
peers::ShopModel& shop_of(std::size_t contacts, unsigned cores) {
  static std::pair<std::size_t, unsigned> kept{0, 0};
  static Shop shop;
  if (kept != std::pair{contacts, cores}) {
    shop.model.reset();
    shop = make_shop(contacts, cores);
    kept = {contacts, cores};
  }
  return *shop.model;
}

std::uint64_t checksum_of_result(const peers::ShopModel& shop) {
  std::uint64_t checksum = checksum_of(shop.class_counts());
  for (const AxisCuts& cuts : shop.data().cuts)
    checksum = checksum_of(cuts.cuts, checksum);
  return checksum_of(shop.data().classes.span(), checksum);
}

// Bits of the class segments, at most.
std::size_t segment_bytes(const peers::ShopModel& shop) {
  std::size_t bytes = 0;
  for (const std::uint64_t count : shop.class_counts())
    bytes += std::min<std::size_t>(shop.contacts() / 8, 2 * count);
  return bytes;
}

void bench_full(benchmark::State& state, std::size_t contacts, unsigned cores) {
  peers::ShopModel& shop = shop_of(contacts, cores);
  const auto elapsed = measure(state, [&] {
    shop.compute_cuts();
    shop.score();
  });
  const std::size_t bytes = contacts * (2 * kColumnBytes + kCodeBytes) + segment_bytes(shop);
  report(state, {contacts, bytes, cores}, elapsed, checksum_of_result(shop));
}

void bench_cuts(benchmark::State& state, std::size_t contacts, unsigned cores) {
  peers::ShopModel& shop = shop_of(contacts, cores);
  const auto elapsed = measure(state, [&] { shop.compute_cuts(); });
  report(state, {contacts, contacts * kColumnBytes, cores}, elapsed,
         checksum_of(shop.data().cuts[2].cuts));
}

void bench_rescore(benchmark::State& state, std::size_t contacts, unsigned cores) {
  peers::ShopModel& shop = shop_of(contacts, cores);
  const auto elapsed = measure(state, [&] { shop.score(); });
  const std::size_t bytes = contacts * (kColumnBytes + kCodeBytes) + segment_bytes(shop);
  report(state, {contacts, bytes, cores}, elapsed, checksum_of_result(shop));
}

std::vector<std::size_t> sizes() {
  if (is_smoke_run()) return {1000, rows_to_measure(100'000)};
  std::vector<std::size_t> sizes = {1000, 100'000, 1'000'000, 10'000'000};
  if (const char* more = std::getenv("QUINTILE_BENCH_CONTACTS")) {
    sizes.push_back(static_cast<std::size_t>(std::stoull(more)));
  }
  return sizes;
}

[[maybe_unused]] const bool registered = [] {
  for (const std::size_t contacts : sizes()) {
    const unsigned all = read_bandwidth().cores;
    for (unsigned cores = 1; cores <= all; cores += all > 1 ? all - 1 : 1) {
      const std::string name =
          "/contacts:" + std::to_string(contacts) + "/cores:" + std::to_string(cores);
      const auto add = [&](const std::string& work, const auto& bench) {
        bench_each_isa(work + name, [bench, contacts, cores](benchmark::State& state) {
          bench(state, contacts, cores);
        });
      };
      add("full", bench_full);
      add("cuts", bench_cuts);
      add("rescore", bench_rescore);
    }
  }
  return true;
}();

}  // namespace
}  // namespace quintile::bench
