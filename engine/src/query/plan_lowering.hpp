// From the terms of bound expressions to the graph of a plan.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "query/plan_graph.hpp"

namespace quintile::query {

// What stands behind a column of one expression.
struct PlanSource {
  std::uint32_t view = 0;  // of the plan
  bool is_member = false;  // `expression` is asked for instead
  std::uint32_t expression = 0;
};

// Adds one expression to `graph`; `sources` by its columns and operands, `roots` the nodes of the
// expressions before it.
[[nodiscard]] NodeId lower_expression(const Term& term, std::span<const PlanSource> sources,
                                      std::span<const NodeId> roots, PlanGraph& graph);

}  // namespace quintile::query
