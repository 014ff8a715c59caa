#include "storage/order_store.hpp"

#include <gtest/gtest.h>

#include "exec/engine_impl.hpp"
#include "small_engine.hpp"

namespace quintile {
namespace {

using testing::ingest;
using testing::make_engine;
using testing::NaiveLine;

void seal(Engine& engine) {
  auto& impl = EngineInternals::of(engine);
  impl.orders.seal(impl.directory.size(), impl.options.arena->executor());
}

NaiveLine line(const std::string& contact) {
  NaiveLine line;
  line.contact = contact;
  line.time = testing::instant("2026-01-05 10:00:00");
  line.amount = 100;
  return line;
}

TEST(OrderStore, TellsWhoseLinesWereSealedSinceTheyWereForgotten) {
  const std::unique_ptr<Engine> engine = make_engine();
  OrderStore& orders = EngineInternals::of(*engine).orders;
  ingest(*engine, {line("a"), line("b"), line("c")});
  seal(*engine);
  ASSERT_EQ(orders.changed_rows().size(), kRowsPerBlock / 64);
  EXPECT_EQ(orders.changed_rows()[0], 0b111U);
  orders.forget_changed_rows();
  EXPECT_EQ(orders.changed_rows()[0], 0U);
  ingest(*engine, {line("d")});
  seal(*engine);
  ingest(*engine, {line("b")});
  seal(*engine);
  EXPECT_EQ(orders.changed_rows()[0], 0b1010U);
  seal(*engine);
  EXPECT_EQ(orders.changed_rows()[0], 0b1010U) << "until somebody forgets them";
}

}  // namespace
}  // namespace quintile
