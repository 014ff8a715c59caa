#include "slice_batch.hpp"

#include <algorithm>
#include <utility>

#include <arrow/type.h>

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
