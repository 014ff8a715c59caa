#include <algorithm>
#include <utility>

#include <arrow/record_batch.h>
#include <arrow/type.h>

#include "cells.hpp"
#include "converter.hpp"
#include "error.hpp"
#include "extra_values.hpp"
#include "id_values.hpp"
#include "number_values.hpp"
#include "slice_batch.hpp"
#include "text_values.hpp"

namespace quintile::loader {
namespace {

// Quantities are handed on in thousandths.
constexpr int kQuantityDecimals = 3;
constexpr Decimal kOne{1, 0};

// One slice of order lines on its way.
class OrderSlice {
 public:
  OrderSlice(const Request& request, const Rates* rates, const Layout& layout, const Slice& slice)
      : request_(request),
        rates_(rates),
        layout_(layout),
        slice_(slice),
        reader_(request.time_zone, request.date_format),
        rows_(slice.rows),
        times_(slice.rows),
        amounts_(slice.rows),
        quantities_(slice.rows) {}

  // The columns in the order in which the first flaw of a record decides its reason.
  void read(const std::vector<ExtraColumn>& extras) {
    contacts_.read(*column(Role::kContact), true, request_.has_integer_contacts, rows_);
    read_times(*column(Role::kTime), reader_, rows_, times_);
    if (column(Role::kCurrency) != nullptr) {
      read_currencies();
    }
    if (column(Role::kPrice) != nullptr) {
      read_products_of_price();
    } else {
      read_amounts();
      if (column(Role::kQuantity) != nullptr) {
        read_quantities();
      }
    }
    if (const Column* const ids = column(Role::kOrder)) {
      orders_.read(*ids, false, request_.has_integer_orders, rows_);
    }
    if (const Column* const ids = column(Role::kProduct)) {
      products_.read(*ids, false, false, rows_);
    }
    if (column(Role::kCategory) != nullptr) {
      categories_.read_texts(*column(Role::kCategory), rows_);
    }
    for (std::size_t i = 0; i < extras.size(); ++i) {
      extras_.push_back(read_extra(extras[i], slice_.columns[layout_.find_extra(i)], reader_,
                                   request_.time_zone, rows_));
    }
  }

  Batch finish(const std::shared_ptr<arrow::Schema>& schema) {
    Batch batch = batch_of(slice_, rows_);
    if (currencies_ != nullptr) {
      note_currencies(batch);
    }
    if (rows_.accepted() == 0) {
      return batch;
    }
    std::vector<std::shared_ptr<arrow::Array>> arrays = {
        contacts_.to_array(rows_),
        times_.to_array(rows_, arrow::timestamp(arrow::TimeUnit::MICRO, "UTC")),
        amounts_.to_array(rows_, arrow::int64())};
    for (const auto& [role, ids] :
         {std::pair(Role::kOrder, &orders_), {Role::kProduct, &products_}}) {
      if (column(role) != nullptr) {
        arrays.push_back(ids->to_array(rows_));
      }
    }
    if (column(Role::kCategory) != nullptr) {
      arrays.push_back(categories_.to_array(rows_, true));
    }
    if (column(Role::kQuantity) != nullptr) {
      arrays.push_back(quantities_.to_array(rows_, arrow::int64()));
    }
    for (const std::unique_ptr<ExtraValues>& extra : extras_) {
      arrays.push_back(extra->to_array(rows_));
    }
    batch.accepted = arrow::RecordBatch::Make(schema, static_cast<std::int64_t>(rows_.accepted()),
                                              std::move(arrays));
    return batch;
  }

 private:
  [[nodiscard]] const Column* column(Role role) const {
    const std::optional<std::size_t> position = layout_.find(role);
    return position ? &slice_.columns[*position] : nullptr;
  }

  // Currency codes, and with rates the factor of each row.
  void read_currencies() {
    currencies_ = column(Role::kCurrency);
    factors_.assign(rates_ == nullptr ? 0 : rows_.count(), nullptr);
    ZoneCursor cursor(request_.time_zone);
    for (std::size_t row = 0; row < rows_.count(); ++row) {
      if (!rows_.is_accepted(row)) {
        continue;
      }
      const std::string_view code =
          currencies_->has_value(row) ? currencies_->texts[row] : std::string_view();
      if (!currency_decimals(code)) {
        rows_.reject(row, Reason::kBadCurrency, code);
        continue;
      }
      if (rates_ != nullptr) {
        const std::uint16_t day = cursor.day_number(times_.value(row));
        factors_[row] = rates_->find(code, day);
        if (factors_[row] == nullptr) {
          rows_.reject(row, Reason::kNoRate, std::string(code) + " " + format_day_number(day));
        }
      }
    }
  }

  void note_currencies(Batch& batch) const {
    if (rates_ != nullptr) {
      return;
    }
    std::string_view last;
    for (std::size_t row = 0; row < rows_.count(); ++row) {
      if (rows_.is_accepted(row) && currencies_->texts[row] != last) {
        last = currencies_->texts[row];
        batch.currencies.emplace(last);
      }
    }
  }

  [[nodiscard]] const Decimal& factor(std::size_t row) const {
    return factors_.empty() ? kOne : *factors_[row];
  }

  void read_amounts() {
    const Column& amounts = *column(Role::kAmount);
    for (std::size_t row = 0; row < rows_.count(); ++row) {
      if (!rows_.is_accepted(row)) {
        continue;
      }
      std::int64_t minor_units = 0;
      const DecimalError error = read_amount(amounts, row, minor_units);
      if (error == DecimalError::kNone) {
        amounts_.set(row, minor_units);
      } else {
        rows_.reject(
            row, error == DecimalError::kOverflow ? Reason::kAmountOverflow : Reason::kBadAmount,
            shown(amounts, row));
      }
    }
  }

  DecimalError read_amount(const Column& amounts, std::size_t row,
                           std::int64_t& minor_units) const {
    if (factors_.empty()) {
      return minor_units_of(amounts, row, request_.currency_decimals, minor_units);
    }
    Decimal amount;
    const DecimalError error = number_of(amounts, row, amount);
    return error != DecimalError::kNone
               ? error
               : multiply_to_minor_units(amount, *factors_[row], request_.currency_decimals,
                                         minor_units);
  }

  // Units of lines that have an amount of their own: none is nothing to refuse a line for.
  void read_quantities() {
    const Column& quantities = *column(Role::kQuantity);
    for (std::size_t row = 0; row < rows_.count(); ++row) {
      if (!rows_.is_accepted(row)) {
        continue;
      }
      std::int64_t thousandths = 0;
      const DecimalError error = minor_units_of(quantities, row, kQuantityDecimals, thousandths);
      if (error == DecimalError::kNone) {
        quantities_.set(row, thousandths);
      } else if (error == DecimalError::kEmpty) {
        quantities_.set_null(row);
      } else {
        rows_.reject(
            row,
            error == DecimalError::kOverflow ? Reason::kQuantityOverflow : Reason::kBadQuantity,
            shown(quantities, row));
      }
    }
  }

  bool set_quantity(std::size_t row, const Decimal& quantity, const Column& quantities) {
    std::int64_t thousandths = 0;
    if (to_minor_units(quantity, kQuantityDecimals, thousandths) != DecimalError::kNone) {
      rows_.reject(row, Reason::kQuantityOverflow, shown(quantities, row));
      return false;
    }
    quantities_.set(row, thousandths);
    return true;
  }

  // Amounts as quantity times price.
  void read_products_of_price() {
    const Column& quantities = *column(Role::kQuantity);
    const Column& prices = *column(Role::kPrice);
    for (std::size_t row = 0; row < rows_.count(); ++row) {
      if (!rows_.is_accepted(row)) {
        continue;
      }
      Decimal quantity;
      Decimal price;
      std::int64_t minor_units = 0;
      if (number_of(quantities, row, quantity) != DecimalError::kNone) {
        rows_.reject(row, Reason::kBadQuantity, shown(quantities, row));
      } else if (number_of(prices, row, price) != DecimalError::kNone) {
        rows_.reject(row, Reason::kBadPrice, shown(prices, row));
      } else if (multiply_to_minor_units(quantity, price, factor(row), request_.currency_decimals,
                                         minor_units) != DecimalError::kNone) {
        rows_.reject(row, Reason::kAmountOverflow,
                     shown(quantities, row) + " x " + shown(prices, row));
      } else if (set_quantity(row, quantity, quantities)) {
        amounts_.set(row, minor_units);
      }
    }
  }

  const Request& request_;
  const Rates* rates_;
  const Layout& layout_;
  const Slice& slice_;
  TimeReader reader_;
  Rows rows_;
  IdValues contacts_;
  NumberValues times_;
  NumberValues amounts_;
  IdValues orders_;
  IdValues products_;
  TextValues categories_;
  NumberValues quantities_;
  std::vector<std::unique_ptr<ExtraValues>> extras_;
  const Column* currencies_ = nullptr;
  std::vector<const Decimal*> factors_;  // empty: 1 for every row
};

class OrderConverter final : public Converter {
 public:
  OrderConverter(const Request& request, const Rates* rates, const std::vector<ColumnInfo>& columns)
      : request_(request),
        rates_(rates),
        layout_(order_layout(request, columns)),
        extras_(settled_extras(request, layout_, columns)) {
    arrow::FieldVector fields = {
        arrow::field("contact", id_type(request.has_integer_contacts), false),
        arrow::field("time", arrow::timestamp(arrow::TimeUnit::MICRO, "UTC"), false),
        arrow::field("amount", arrow::int64(), false)};
    const auto add_field = [&](Role role, const char* name,
                               const std::shared_ptr<arrow::DataType>& type) {
      if (layout_.find(role)) {
        fields.push_back(arrow::field(name, type));
      }
    };
    add_field(Role::kOrder, "order", id_type(request.has_integer_orders));
    add_field(Role::kProduct, "product", arrow::utf8());
    add_field(Role::kCategory, "category", arrow::utf8());
    add_field(Role::kQuantity, "quantity", arrow::int64());
    schema_ = schema_with_extras(std::move(fields), extras_);
  }

  [[nodiscard]] const Layout& layout() const override { return layout_; }
  [[nodiscard]] std::shared_ptr<arrow::Schema> schema() const override { return schema_; }
  [[nodiscard]] Batch convert(const Slice& slice) const override {
    OrderSlice orders(request_, rates_, layout_, slice);
    orders.read(extras_);
    return orders.finish(schema_);
  }

 private:
  const Request& request_;
  const Rates* rates_;
  Layout layout_;
  std::vector<ExtraColumn> extras_;
  std::shared_ptr<arrow::Schema> schema_;
};

}  // namespace

std::unique_ptr<Converter> make_order_converter(const Request& request, const Rates* rates,
                                                const std::vector<ColumnInfo>& columns) {
  return std::make_unique<OrderConverter>(request, rates, columns);
}

}  // namespace quintile::loader
