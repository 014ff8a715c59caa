// Engine::recompute as a whole, from grouped order lines to a published generation of `classic5`.
//   recompute   all contacts, without any kept state
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "arrow_batch.hpp"
#include "kernels/each_isa.hpp"
#include "quintile/engine.hpp"
#include "quintile/model.hpp"
#include "support/columns.hpp"
#include "support/measure.hpp"

namespace quintile::bench {
namespace {

constexpr std::size_t kContacts = 1'000'000;
constexpr std::size_t kLinesPerContact = 4;
constexpr std::size_t kLinesOfBatch = 500'000;
constexpr std::int64_t kDayUs = 86'400'000'000;
constexpr std::int64_t kFirstDay = 19'000;  // 2022-01-08
constexpr std::int64_t kDays = 1400;

void require(const Status& status) {
  if (!status.ok()) throw std::runtime_error(std::string(status.message()));
}

// Lines of contacts below `contacts`, each an order of its own.
void add_lines(Engine& engine, std::size_t contacts, std::size_t lines, FixedRandom& random) {
  using Column = std::vector<std::optional<std::int64_t>>;
  while (lines != 0) {
    const std::size_t count = std::min(lines, kLinesOfBatch);
    Column contact(count);
    Column time(count);
    Column amount(count);
    for (std::size_t i = 0; i < count; ++i) {
      contact[i] = static_cast<std::int64_t>(random.below(contacts));
      time[i] = kFirstDay * kDayUs + static_cast<std::int64_t>(random.below(kDays)) * kDayUs;
      amount[i] = static_cast<std::int64_t>(random.below(30'000)) - 1'500;
    }
    ArrowArrayStream stream =
        testing::make_stream({testing::integer_column("contact", std::move(contact)),
                              testing::time_column("time", std::move(time)),
                              testing::integer_column("amount", std::move(amount))});
    require(engine.ingest_orders(&stream).status());
    lines -= count;
  }
}

struct Shop {
  std::unique_ptr<Engine> engine;
  AsOf as_of;
};

Shop make_shop(unsigned cores) {
  const std::size_t contacts = contacts_to_measure(kContacts);
  Shop shop;
  EngineOptions options;
  options.arena = Arena::create(static_cast<int>(cores)).value();
  shop.engine = std::move(Engine::create(std::move(options))).value();
  FixedRandom random(6);
  add_lines(*shop.engine, contacts, kLinesPerContact * contacts, random);
  Result<RfmModel> model = rfm_preset("classic5", 2);
  require(model.status());
  require(shop.engine->define(*model));
  shop.as_of.text = "2025-11-08";
  shop.as_of.instant_us = (kFirstDay + kDays + 1) * kDayUs - 1;
  return shop;
}

const Shop& shop_of(unsigned cores) {
  static std::pair<unsigned, Shop> kept;
  if (kept.first != cores) {
    kept.second = {};
    kept = {cores, make_shop(cores)};
  }
  return kept.second;
}

void bench_recompute(benchmark::State& state, unsigned cores) {
  const Shop& shop = shop_of(cores);
  require(shop.engine->recompute(shop.as_of).status());
  const auto elapsed =
      measure(state, [&] { require(shop.engine->recompute(shop.as_of).status()); });
  const std::size_t contacts = shop.engine->contact_count();
  const auto generation = shop.engine->current();
  const std::size_t bytes = shop.engine->line_count() * 10 + contacts * 40;
  report(state, {contacts, bytes, cores}, elapsed,
         checksum_of(generation->rfm("classic5")->classes()));
}

[[maybe_unused]] const bool registered = [] {
  bench_each_isa_on_cores("recompute", bench_recompute);
  return true;
}();

}  // namespace
}  // namespace quintile::bench
