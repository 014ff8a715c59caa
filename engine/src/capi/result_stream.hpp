// The rows of a model's result as an Arrow stream.
#pragma once

#include <memory>

#include "quintile/arrow_abi.h"
#include "quintile/generation.hpp"

namespace quintile {

// Makes `out` a stream of the listed rows of `result`, which belongs to `generation`.
void make_result_stream(std::shared_ptr<const Generation> generation, const RfmResult& result,
                        ArrowArrayStream& out);

}  // namespace quintile
