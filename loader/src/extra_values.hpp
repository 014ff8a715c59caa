// The columns that are wanted beside the known ones, each in its declared type.
#pragma once

#include <memory>
#include <vector>

#include <arrow/type_fwd.h>

#include "layout.hpp"
#include "rows.hpp"

namespace quintile::loader {

// The extra columns of a request with the types that `columns` (of the first file) settle.
std::vector<ExtraColumn> settled_extras(const Request& request, const Layout& layout,
                                        const std::vector<ColumnInfo>& columns);

std::shared_ptr<arrow::Field> extra_field(const ExtraColumn& extra);

// One extra column of one slice: checks every accepted row first, then gives the accepted ones.
class ExtraValues {
 public:
  ExtraValues() = default;
  ExtraValues(const ExtraValues&) = delete;
  ExtraValues& operator=(const ExtraValues&) = delete;
  virtual ~ExtraValues() = default;
  [[nodiscard]] virtual std::shared_ptr<arrow::Array> to_array(const Rows& rows) = 0;
};

std::unique_ptr<ExtraValues> read_extra(const ExtraColumn& extra, const Column& column,
                                        TimeReader& reader, const TimeZone& zone, Rows& rows);

}  // namespace quintile::loader
