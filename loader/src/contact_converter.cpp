#include <utility>

#include <arrow/record_batch.h>
#include <arrow/type.h>

#include "converter.hpp"
#include "extra_values.hpp"
#include "id_values.hpp"
#include "slice_batch.hpp"

namespace quintile::loader {
namespace {

class ContactConverter final : public Converter {
 public:
  ContactConverter(const Request& request, const std::vector<ColumnInfo>& columns)
      : request_(request),
        layout_(contact_layout(request)),
        extras_(settled_extras(request, layout_, columns)) {
    arrow::FieldVector fields = {
        arrow::field("contact", id_type(request.has_integer_contacts), false)};
    if (wants_identifiers(layout_)) {
      fields.push_back(arrow::field("identifiers", arrow::list(arrow::utf8()), false));
    }
    schema_ = schema_with_extras(std::move(fields), extras_);
  }

  [[nodiscard]] const Layout& layout() const override { return layout_; }
  [[nodiscard]] std::shared_ptr<arrow::Schema> schema() const override { return schema_; }

  [[nodiscard]] Batch convert(const Slice& slice) const override {
    Rows rows(slice.rows);
    IdValues contacts;
    contacts.read(slice.columns[*layout_.find(Role::kContact)], true, request_.has_integer_contacts,
                  rows);
    Identifiers identifiers;
    identifiers.read(request_, layout_, slice, rows);
    TimeReader reader(request_.time_zone, request_.date_format);
    std::vector<std::unique_ptr<ExtraValues>> extras;
    for (std::size_t i = 0; i < extras_.size(); ++i) {
      extras.push_back(read_extra(extras_[i], slice.columns[layout_.find_extra(i)], reader,
                                  request_.time_zone, rows));
    }
    Batch batch = batch_of(slice, rows);
    if (rows.accepted() == 0) {
      return batch;
    }
    std::vector<std::shared_ptr<arrow::Array>> arrays = {contacts.to_array(rows)};
    if (identifiers.are_wanted) {
      arrays.push_back(identifiers.values.to_array(rows));
    }
    for (const std::unique_ptr<ExtraValues>& extra : extras) {
      arrays.push_back(extra->to_array(rows));
    }
    batch.accepted = arrow::RecordBatch::Make(schema_, static_cast<std::int64_t>(rows.accepted()),
                                              std::move(arrays));
    return batch;
  }

 private:
  const Request& request_;
  Layout layout_;
  std::vector<ExtraColumn> extras_;
  std::shared_ptr<arrow::Schema> schema_;
};

}  // namespace

std::unique_ptr<Converter> make_contact_converter(const Request& request,
                                                  const std::vector<ColumnInfo>& columns) {
  return std::make_unique<ContactConverter>(request, columns);
}

}  // namespace quintile::loader
