// The conditions of a plan over one view, by vector kernels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "query/plan_graph.hpp"
#include "quintile/expression.hpp"

namespace quintile::query {

// Writes where an atom over `view`, of kind kBits, kInterval, kRealInterval, kNumbers or kCodes, is
// true for `rows` rows. `valid`: the rows that are not NULL, or empty if none is. Words past the
// last row are not written, bits past it are zero.
void write_atom(const PlanAtom& atom, const ExpressionColumnView& view, std::size_t rows,
                std::span<const std::uint64_t> valid, std::span<std::uint64_t> out) noexcept;

}  // namespace quintile::query
