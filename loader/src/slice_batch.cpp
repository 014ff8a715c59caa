#include "slice_batch.hpp"

#include <algorithm>
#include <utility>

#include <arrow/type.h>

#include "cells.hpp"
#include "error.hpp"
#include "extra_values.hpp"

namespace quintile::loader {

Batch batch_of(const Slice& slice, const Rows& rows) {
  const auto by_record = [](const Reject& left, const Reject& right) {
    return left.record < right.record;
  };
  Batch batch;
  batch.records = slice.records();
  batch.anonymous = rows.anonymous();
  batch.other_types = rows.other_types();
  std::vector<Reject> rejects = rows.rejects();
  std::sort(rejects.begin(), rejects.end(), by_record);
  // Row r is the r-th record that is not malformed.
  std::size_t malformed = 0;
  for (Reject& reject : rejects) {
    std::uint64_t record = slice.first_record + reject.record + malformed;
    while (malformed < slice.malformed.size() && slice.malformed[malformed].record <= record) {
      ++malformed;
      ++record;
    }
    reject.record = record;
  }
  batch.rejects.resize(rejects.size() + slice.malformed.size());
  std::merge(rejects.begin(), rejects.end(), slice.malformed.begin(), slice.malformed.end(),
             batch.rejects.begin(), by_record);
  return batch;
}

bool wants_identifiers(const Layout& layout) {
  return layout.find(Role::kIdentifiers) || layout.find(Role::kIdentifier);
}

void Identifiers::read(const Request& request, const Layout& layout, const Slice& slice,
                       Rows& rows) {
  are_wanted = wants_identifiers(layout);
  if (!are_wanted) {
    return;
  }
  const std::optional<std::size_t> list = layout.find(Role::kIdentifiers);
  std::vector<NamespaceColumn> columns;
  for (std::size_t i = 0; i < request.identifier_columns.size(); ++i) {
    columns.push_back(
        {request.identifier_columns[i].name_space, &slice.columns[layout.find_identifier(i)]});
  }
  values.read_identifiers(list ? &slice.columns[*list] : nullptr, columns, rows);
}

void read_times(const Column& times, TimeReader& reader, Rows& rows, NumberValues& instants) {
  for (std::size_t row = 0; row < rows.count(); ++row) {
    if (!rows.is_accepted(row)) {
      continue;
    }
    std::int64_t instant_us = 0;
    const TimeError error = instant_of(times, row, reader, instant_us);
    if (error == TimeError::kNone) {
      instants.set(row, instant_us);
    } else {
      rows.reject(row, error == TimeError::kMalformed ? Reason::kBadTime : Reason::kTimeOutOfRange,
                  shown(times, row));
    }
  }
}

std::shared_ptr<arrow::Schema> schema_with_extras(std::vector<std::shared_ptr<arrow::Field>> fields,
                                                  const std::vector<ExtraColumn>& extras) {
  for (const ExtraColumn& extra : extras) {
    const bool is_taken = std::any_of(fields.begin(), fields.end(),
                                      [&extra](const std::shared_ptr<arrow::Field>& field) {
                                        return field->name() == extra.name;
                                      });
    if (is_taken) {
      fail_usage("the output would have two columns '" + extra.name + "'");
    }
    fields.push_back(extra_field(extra));
  }
  return arrow::schema(std::move(fields));
}

}  // namespace quintile::loader
