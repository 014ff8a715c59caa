#include "layout.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>

#include "error.hpp"
#include "quintile/closest_name.hpp"

namespace quintile::loader {
namespace {

constexpr std::size_t kMaxListedColumns = 50;

bool has_column(const std::vector<ColumnInfo>& columns, std::string_view name) {
  return std::any_of(columns.begin(), columns.end(),
                     [name](const ColumnInfo& column) { return column.name == name; });
}

void add_if_named(const std::optional<std::string>& column, Role role, Layout& layout) {
  if (column) {
    layout.add(role, *column);
  }
}

void add_identifiers(const Request& request, Layout& layout) {
  add_if_named(request.identifiers, Role::kIdentifiers, layout);
  for (std::size_t i = 0; i < request.identifier_columns.size(); ++i) {
    layout.add(Role::kIdentifier, request.identifier_columns[i].column, i);
  }
}

void add_extras(const Request& request, Layout& layout) {
  for (std::size_t i = 0; i < request.extra_columns.size(); ++i) {
    layout.add(Role::kExtra, request.extra_columns[i].column, i);
  }
}

// The amount, or the quantity and the price that give it.
void add_money(const Request& request, const std::vector<ColumnInfo>& columns, Layout& layout) {
  const bool by_default = !request.amount && !request.price && !has_column(columns, "amount") &&
                          has_column(columns, "price") &&
                          (request.quantity || has_column(columns, "quantity"));
  if ((request.price && !request.amount) || by_default) {
    layout.add(Role::kQuantity, request.quantity.value_or("quantity"));
    layout.add(Role::kPrice, request.price.value_or("price"));
    return;
  }
  layout.add(Role::kAmount, request.amount.value_or("amount"));
  add_if_named(request.quantity, Role::kQuantity, layout);
}

std::string_view role_name(Role role) {
  switch (role) {
    case Role::kContact:
      return "contact";
    case Role::kTime:
      return "time";
    case Role::kOrder:
      return "order";
    case Role::kAmount:
      return "amount";
    case Role::kQuantity:
      return "quantity";
    case Role::kPrice:
      return "price";
    case Role::kProduct:
      return "product";
    case Role::kCategory:
      return "category";
    case Role::kCurrency:
      return "currency";
    case Role::kIdentifiers:
      return "list of identifiers";
    case Role::kIdentifier:
      return "identifier";
    case Role::kType:
      return "type";
    case Role::kDate:
      return "date";
    case Role::kRate:
      return "rate";
    case Role::kExtra:
      return "extra column";
  }
  return "column";
}

using Kinds = std::initializer_list<CellKind>;

bool extra_may_be(const ExtraColumn& extra, CellKind kind) {
  const auto is_one_of = [kind](Kinds kinds) {
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
  };
  if (kind == CellKind::kText || kind == CellKind::kNull) {
    return true;
  }
  switch (extra.type) {
    case QUINTILE_COLUMN_AUTO:
    case QUINTILE_COLUMN_UTF8:
      return kind != CellKind::kTextList;
    case QUINTILE_COLUMN_INT64:
    case QUINTILE_COLUMN_DECIMAL:
    case QUINTILE_COLUMN_DOUBLE:
      return is_one_of(
          {CellKind::kInteger, CellKind::kFloat32, CellKind::kFloat64, CellKind::kDecimal});
    case QUINTILE_COLUMN_BOOL:
      return is_one_of({CellKind::kBool, CellKind::kInteger});
    case QUINTILE_COLUMN_DATE:
    case QUINTILE_COLUMN_TIMESTAMP:
      return is_one_of({CellKind::kDate, CellKind::kLocal, CellKind::kInstant});
    case QUINTILE_COLUMN_LIST:
      return kind == CellKind::kTextList;
  }
  return false;
}

bool may_be(const WantedColumn& wanted, const Request& request, CellKind kind) {
  if (wanted.role == Role::kExtra) {
    return extra_may_be(request.extra_columns[wanted.extra], kind);
  }
  if (kind == CellKind::kText || kind == CellKind::kNull) {
    return true;
  }
  const bool is_number = kind == CellKind::kInteger || kind == CellKind::kFloat32 ||
                         kind == CellKind::kFloat64 || kind == CellKind::kDecimal;
  switch (wanted.role) {
    case Role::kTime:
      return kind == CellKind::kInstant || kind == CellKind::kLocal || kind == CellKind::kDate ||
             (kind == CellKind::kInteger && request.date_format);
    case Role::kDate:
      return kind == CellKind::kDate;
    case Role::kCurrency:
    case Role::kType:
      return false;
    case Role::kIdentifiers:
      return kind == CellKind::kTextList;
    default:
      return is_number;
  }
}

// "as a date for the where of model 'retail'"
std::string type_wanted(const ExtraColumn& extra) {
  constexpr std::array<const char*, 9> kTypes = {"text",   "text",      "an integer",
                                                 "a bool", "a decimal", "a double",
                                                 "a date", "a time",    "a list"};
  return std::string("as ") + kTypes[static_cast<std::size_t>(extra.type)] +
         (extra.wanted_by.empty() ? "" : " for " + extra.wanted_by);
}

std::string list_of(const std::vector<ColumnInfo>& columns) {
  std::string list;
  for (std::size_t i = 0; i < columns.size() && i < kMaxListedColumns; ++i) {
    list += (i == 0 ? "" : ", ") + printable(columns[i].name);
  }
  if (columns.size() > kMaxListedColumns) {
    list += " and " + std::to_string(columns.size() - kMaxListedColumns) + " more";
  }
  return list;
}

// What the column is for, in a message: its role, or who wants it.
std::string purpose_of(const WantedColumn& wanted, const Request& request) {
  if (wanted.role != Role::kExtra) {
    return "the " + std::string(role_name(wanted.role));
  }
  const ExtraColumn& extra = request.extra_columns[wanted.extra];
  const std::string name = extra.name == wanted.column ? "" : "'" + extra.name + "'";
  if (extra.wanted_by.empty()) {
    return name;
  }
  return name.empty() ? extra.wanted_by : name + " in " + extra.wanted_by;
}

[[noreturn]] void refuse_missing(const WantedColumn& wanted, const Request& request,
                                 const std::vector<ColumnInfo>& columns, const std::string& path) {
  std::vector<std::string_view> names;
  for (const ColumnInfo& column : columns) {
    names.emplace_back(column.name);
  }
  std::string message = path + ": no column '" + wanted.column + "'";
  const std::string purpose = purpose_of(wanted, request);
  if (wanted.column != role_name(wanted.role) && !purpose.empty()) {
    message += " for " + purpose;
  }
  const std::string_view closest = closest_name(wanted.column, names);
  message += closest.empty() ? "." : "; did you mean '" + printable(closest) + "'?";
  message += " Columns: " + list_of(columns);
  if (columns.size() == 1 && columns[0].name.find_first_of(";\t|,") != std::string::npos) {
    message += ". Is the delimiter another one?";
  }
  fail_data(message);
}

}  // namespace

std::optional<std::size_t> Layout::find(Role role) const {
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    if (wanted_[i].role == role) {
      return i;
    }
  }
  return std::nullopt;
}

std::size_t Layout::find_one(Role role, std::size_t position) const {
  std::size_t i = 0;
  while (wanted_[i].role != role || wanted_[i].extra != position) {
    ++i;
  }
  return i;
}

Layout order_layout(const Request& request, const std::vector<ColumnInfo>& columns) {
  Layout layout;
  layout.add(Role::kContact, request.contact.value_or("contact"));
  layout.add(Role::kTime, request.time.value_or("time"));
  add_money(request, columns, layout);
  if (request.order || has_column(columns, "order")) {
    layout.add(Role::kOrder, request.order.value_or("order"));
  }
  add_if_named(request.product, Role::kProduct, layout);
  add_if_named(request.category, Role::kCategory, layout);
  add_if_named(request.currency, Role::kCurrency, layout);
  add_extras(request, layout);
  return layout;
}

Layout contact_layout(const Request& request) {
  Layout layout;
  layout.add(Role::kContact, request.contact.value_or("contact"));
  add_identifiers(request, layout);
  add_extras(request, layout);
  return layout;
}

Layout event_layout(const Request& request, const std::vector<ColumnInfo>& columns) {
  const bool has_identifiers = request.identifiers || !request.identifier_columns.empty();
  Layout layout;
  if (request.contact || !has_identifiers || has_column(columns, "contact")) {
    layout.add(Role::kContact, request.contact.value_or("contact"));
  }
  layout.add(Role::kTime, request.time.value_or("time"));
  layout.add(Role::kType, request.type.value_or("type"));
  add_identifiers(request, layout);
  add_extras(request, layout);
  return layout;
}

Layout rate_layout() {
  Layout layout;
  layout.add(Role::kDate, "date");
  layout.add(Role::kCurrency, "currency");
  layout.add(Role::kRate, "rate");
  return layout;
}

std::vector<std::size_t> locate(const Layout& layout, const Request& request,
                                const std::vector<ColumnInfo>& columns, const std::string& path) {
  std::vector<std::size_t> positions;
  for (const WantedColumn& wanted : layout.wanted()) {
    const auto is_wanted = [&wanted](const ColumnInfo& column) {
      return column.name == wanted.column;
    };
    const auto found = std::find_if(columns.begin(), columns.end(), is_wanted);
    if (found == columns.end()) {
      refuse_missing(wanted, request, columns, path);
    }
    if (std::find_if(found + 1, columns.end(), is_wanted) != columns.end()) {
      fail_data(path + ": the header has '" + printable(wanted.column) +
                "' twice; which is meant?");
    }
    if (!found->kind || !may_be(wanted, request, *found->kind)) {
      fail_data(path + ": column '" + printable(wanted.column) + "' has type " + found->type +
                ", which cannot be read " +
                (wanted.role == Role::kExtra ? type_wanted(request.extra_columns[wanted.extra])
                                             : "as " + std::string(role_name(wanted.role))));
    }
    positions.push_back(static_cast<std::size_t>(found - columns.begin()));
  }
  return positions;
}

}  // namespace quintile::loader
