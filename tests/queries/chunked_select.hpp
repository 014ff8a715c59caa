// Engine::select with fewer rows at a time, so that small tables meet the edges of chunks.
#pragma once

#include <cstddef>

#include "quintile/engine.hpp"
#include "quintile/expression.hpp"
#include "quintile/generation.hpp"
#include "quintile/selection.hpp"

namespace quintile::testing {

// The same answer, worked out for `chunk_rows` contacts at a time, a multiple of 64.
Result<Selection> select_in_chunks(Engine& engine, const Expression& expression,
                                   const Generation& generation, std::size_t chunk_rows);

}  // namespace quintile::testing
