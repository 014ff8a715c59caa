#include <utility>

#include <arrow/record_batch.h>
#include <arrow/type.h>

#include "converter.hpp"
#include "extra_values.hpp"
#include "id_values.hpp"
#include "slice_batch.hpp"
#include "text_values.hpp"

namespace quintile::loader {
namespace {

// One slice of events on its way.
class EventSlice {
 public:
  EventSlice(const Request& request, const Layout& layout, const Slice& slice)
      : request_(request),
        layout_(layout),
        slice_(slice),
        reader_(request.time_zone, request.date_format),
        rows_(slice.rows),
        times_(slice.rows) {}

  // The columns in the order in which the first flaw of a record decides its reason. The type comes
  // first: nothing in an event that nobody wants is a flaw.
  void read(const std::vector<ExtraColumn>& extras) {
    read_types();
    const std::optional<std::size_t> contact = layout_.find(Role::kContact);
    if (contact) {
      contacts_.read(slice_.columns[*contact], false, request_.has_integer_contacts, rows_);
    }
    identifiers_.read(request_, layout_, slice_, rows_);
    for (std::size_t row = 0; row < rows_.count(); ++row) {
      if (rows_.is_accepted(row) && !(contact && contacts_.has(row)) &&
          (!identifiers_.are_wanted || identifiers_.values.is_empty(row))) {
        rows_.skip_anonymous(row);
      }
    }
    read_times(slice_.columns[*layout_.find(Role::kTime)], reader_, rows_, times_);
    for (std::size_t i = 0; i < extras.size(); ++i) {
      extras_.push_back(read_extra(extras[i], slice_.columns[layout_.find_extra(i)], reader_,
                                   request_.time_zone, rows_));
    }
  }

  Batch finish(const std::shared_ptr<arrow::Schema>& schema) {
    Batch batch = batch_of(slice_, rows_);
    if (rows_.accepted() == 0) {
      return batch;
    }
    std::vector<std::shared_ptr<arrow::Array>> arrays;
    if (layout_.find(Role::kContact)) {
      arrays.push_back(contacts_.to_array(rows_));
    }
    if (identifiers_.are_wanted) {
      arrays.push_back(identifiers_.values.to_array(rows_));
    }
    arrays.push_back(times_.to_array(rows_, arrow::timestamp(arrow::TimeUnit::MICRO, "UTC")));
    arrays.push_back(types_.to_array(rows_, false));
    for (const std::unique_ptr<ExtraValues>& extra : extras_) {
      arrays.push_back(extra->to_array(rows_));
    }
    batch.accepted = arrow::RecordBatch::Make(schema, static_cast<std::int64_t>(rows_.accepted()),
                                              std::move(arrays));
    return batch;
  }

 private:
  void read_types() {
    types_.read_texts(slice_.columns[*layout_.find(Role::kType)], rows_);
    for (std::size_t row = 0; row < rows_.count(); ++row) {
      if (!rows_.is_accepted(row)) {
        continue;
      }
      const std::string_view type = types_.value(row);
      if (type.empty()) {
        rows_.reject(row, Reason::kNoType, "");
      } else if (!request_.event_types.empty() && !request_.event_types.contains(type)) {
        rows_.skip_other_type(row);
      }
    }
  }

  const Request& request_;
  const Layout& layout_;
  const Slice& slice_;
  TimeReader reader_;
  Rows rows_;
  TextValues types_;
  IdValues contacts_;
  Identifiers identifiers_;
  NumberValues times_;
  std::vector<std::unique_ptr<ExtraValues>> extras_;
};

class EventConverter final : public Converter {
 public:
  EventConverter(const Request& request, const std::vector<ColumnInfo>& columns)
      : request_(request),
        layout_(event_layout(request, columns)),
        extras_(settled_extras(request, layout_, columns)) {
    arrow::FieldVector fields;
    if (layout_.find(Role::kContact)) {
      fields.push_back(arrow::field("contact", id_type(request.has_integer_contacts)));
    }
    if (wants_identifiers(layout_)) {
      fields.push_back(arrow::field("identifiers", arrow::list(arrow::utf8()), false));
    }
    fields.push_back(arrow::field("time", arrow::timestamp(arrow::TimeUnit::MICRO, "UTC"), false));
    fields.push_back(arrow::field("type", arrow::utf8(), false));
    schema_ = schema_with_extras(std::move(fields), extras_);
  }

  [[nodiscard]] const Layout& layout() const override { return layout_; }
  [[nodiscard]] std::shared_ptr<arrow::Schema> schema() const override { return schema_; }
  [[nodiscard]] Batch convert(const Slice& slice) const override {
    EventSlice events(request_, layout_, slice);
    events.read(extras_);
    return events.finish(schema_);
  }

 private:
  const Request& request_;
  Layout layout_;
  std::vector<ExtraColumn> extras_;
  std::shared_ptr<arrow::Schema> schema_;
};

}  // namespace

std::unique_ptr<Converter> make_event_converter(const Request& request,
                                                const std::vector<ColumnInfo>& columns) {
  return std::make_unique<EventConverter>(request, columns);
}

}  // namespace quintile::loader
