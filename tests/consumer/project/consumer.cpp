// The C++ API of the installed package.
#include <cstdio>
#include <string>

#include "order_stream.h"
#include <quintile/engine.hpp>
#include <quintile/model.hpp>

namespace {

int fail(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  return 1;
}

}  // namespace

int main() {
  auto engine = quintile::Engine::create();
  if (!engine.ok()) return fail(std::string(engine.status().message()));
  ArrowArrayStream stream{};
  open_order_stream(&stream);
  const auto counts = (*engine)->ingest_orders(&stream);
  if (!counts.ok()) return fail(std::string(counts.status().message()));
  if (counts->rows != 6 || counts->new_contacts != 3) return fail("wrong counts");

  const auto model = quintile::parse_rfm_model(
      "name: shop\n"
      "tiers:\n"
      "  recency: {fixed: [\"10\", \"5\"]}\n"
      "  frequency: {fixed: [1, 2]}\n"
      "  monetary: {quantile: 2}\n"
      "classes:\n"
      "  - regulars: {f: 2}\n"
      "otherwise: others\n",
      "shop.yaml", 2);
  if (!model.ok()) return fail(std::string(model.status().message()));
  if (const auto status = (*engine)->define(*model); !status.ok()) {
    return fail(std::string(status.message()));
  }
  std::string error;
  const auto as_of = quintile::AsOf::parse("2011-12-10", quintile::TimeZone(), error);
  if (!as_of) return fail(error);
  const auto generation = (*engine)->recompute(*as_of);
  if (!generation.ok()) return fail(std::string(generation.status().message()));

  const quintile::RfmResult* result = (*generation)->rfm("shop");
  if (result == nullptr || result->listed_count() != 3) return fail("wrong result");
  const auto ann = (*engine)->find_contact("id:ann");
  if (!ann || result->recency_days()[quintile::to_index(*ann)] != 1 ||
      result->frequency()[quintile::to_index(*ann)] != 2 ||
      result->monetary()[quintile::to_index(*ann)] != 3550) {
    return fail("wrong values of ann");
  }
  const quintile::RowSet* regulars = (*generation)->segment("shop.regulars");
  if (regulars == nullptr || regulars->count() != 1 || !regulars->contains(*ann)) {
    return fail("wrong segment");
  }
  if ((*engine)->current()->number() != 1) return fail("wrong generation");
  return 0;
}
