// What order lines, contacts and events have in common.
#pragma once

#include <memory>
#include <vector>

#include <arrow/type_fwd.h>

#include "converter.hpp"
#include "number_values.hpp"
#include "rows.hpp"
#include "text_values.hpp"

namespace quintile::loader {

// The counts of a slice, and its rejects numbered by record of the job.
Batch batch_of(const Slice& slice, const Rows& rows);

// The identifiers of a slice, if the layout has any.
struct Identifiers {
  ListValues values;
  bool are_wanted = false;

  void read(const Request& request, const Layout& layout, const Slice& slice, Rows& rows);
};
[[nodiscard]] bool wants_identifiers(const Layout& layout);

// The instants of the time column; a time that is none refuses its row.
void read_times(const Column& times, TimeReader& reader, Rows& rows, NumberValues& instants);

// The known fields and then the extra ones. Throws LoadError (usage) for a name that is there
// twice.
std::shared_ptr<arrow::Schema> schema_with_extras(std::vector<std::shared_ptr<arrow::Field>> fields,
                                                  const std::vector<ExtraColumn>& extras);

}  // namespace quintile::loader
