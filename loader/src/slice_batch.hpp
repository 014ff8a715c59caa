// What order lines and contacts have in common once their rows are settled.
#pragma once

#include <memory>
#include <vector>

#include <arrow/type_fwd.h>

#include "converter.hpp"
#include "rows.hpp"

namespace quintile::loader {

// The counts of a slice, and its rejects numbered by record of the job.
Batch batch_of(const Slice& slice, const Rows& rows);

// The known fields and then the extra ones. Throws LoadError (usage) for a name that is there
// twice.
std::shared_ptr<arrow::Schema> schema_with_extras(std::vector<std::shared_ptr<arrow::Field>> fields,
                                                  const std::vector<ExtraColumn>& extras);

}  // namespace quintile::loader
