#include "request.hpp"

#include <algorithm>
#include <string_view>
#include <thread>

#include "error.hpp"
#include "quintile/decimal.hpp"

namespace quintile::loader {
namespace {

constexpr std::uint32_t kDefaultBlockBytes = 8U << 20U;
constexpr std::uint32_t kMaxBlockBytes = 1U << 30U;
constexpr unsigned kMaxThreads = 16;

std::optional<std::string> optional_text(const char* text) {
  return text == nullptr ? std::nullopt : std::optional<std::string>(text);
}

ExtraColumn read_extra_column(const quintile_extra_column& given) {
  if (given.name == nullptr || *given.name == '\0') {
    fail_usage("an extra column needs a name");
  }
  ExtraColumn column;
  column.name = given.name;
  column.column = given.column == nullptr ? column.name : given.column;
  if (given.type < QUINTILE_COLUMN_AUTO || given.type > QUINTILE_COLUMN_LIST) {
    fail_usage("extra column '" + column.name + "': unknown type " + std::to_string(given.type));
  }
  column.type = static_cast<quintile_column_type>(given.type);
  column.decimals = given.decimals;
  column.wanted_by = given.wanted_by == nullptr ? "" : given.wanted_by;
  if (column.type == QUINTILE_COLUMN_DECIMAL &&
      (column.decimals < 0 || column.decimals > kMaxDecimals)) {
    fail_usage("extra column '" + column.name + "': expected 0 to 18 decimals, got " +
               std::to_string(column.decimals));
  }
  return column;
}

constexpr std::size_t kMaxNamespaceBytes = 32;

IdentifierColumn read_identifier_column(const quintile_identifier_column& given) {
  const std::string name_space = given.name_space == nullptr ? "" : given.name_space;
  const bool fits =
      !name_space.empty() && name_space.size() <= kMaxNamespaceBytes &&
      name_space.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == std::string::npos;
  if (!fits || name_space == "id") {
    fail_usage("expected a namespace of identifiers [a-z0-9_-]{1,32} other than 'id', got '" +
               name_space + "'");
  }
  if (given.column == nullptr || *given.column == '\0') {
    fail_usage("identifiers '" + name_space + "': expected a column, got none");
  }
  return {name_space, given.column};
}

void read_columns(const quintile_load_request& given, Request& request) {
  request.contact = optional_text(given.contact);
  request.time = optional_text(given.time);
  request.order = optional_text(given.order);
  request.amount = optional_text(given.amount);
  request.quantity = optional_text(given.quantity);
  request.price = optional_text(given.price);
  request.product = optional_text(given.product);
  request.category = optional_text(given.category);
  request.currency = optional_text(given.currency);
  request.identifiers = optional_text(given.identifiers);
  request.type = optional_text(given.type);
  for (std::size_t i = 0; i < given.identifier_column_count; ++i) {
    request.identifier_columns.push_back(read_identifier_column(given.identifier_columns[i]));
  }
  for (std::size_t i = 0; i < given.event_type_count; ++i) {
    request.event_types.emplace(given.event_types[i]);
  }
  for (std::size_t i = 0; i < given.extra_column_count; ++i) {
    request.extra_columns.push_back(read_extra_column(given.extra_columns[i]));
  }
}

void read_time_rules(const quintile_load_request& given, Request& request) {
  std::string error;
  if (given.time_zone != nullptr) {
    const std::optional<TimeZone> zone = TimeZone::find(given.time_zone, error);
    if (!zone) {
      fail_usage(error);
    }
    request.time_zone = *zone;
  }
  if (given.date_format != nullptr) {
    request.date_format = TimeFormat::compile(given.date_format, error);
    if (!request.date_format) {
      fail_usage(error);
    }
  }
}

void read_money_rules(const quintile_load_request& given, Request& request) {
  request.base_currency = given.base_currency == nullptr ? "" : given.base_currency;
  if (!request.base_currency.empty() && !currency_decimals(request.base_currency)) {
    fail_usage("expected a currency code of three capital letters, got '" + request.base_currency +
               "'");
  }
  request.currency_decimals = given.currency_decimals;
  if (request.currency_decimals < 0 || request.currency_decimals > kMaxDecimals) {
    fail_usage("expected 0 to 18 decimals of the currency, got " +
               std::to_string(request.currency_decimals));
  }
  request.rates_file = given.rates_file == nullptr ? "" : given.rates_file;
  if (!request.rates_file.empty() && given.currency == nullptr) {
    fail_usage("a file of rates needs a currency column");
  }
}

}  // namespace

Request read_request(const quintile_load_request& given) {
  if (given.struct_bytes != sizeof(quintile_load_request)) {
    fail_usage("the request is of another version of the loader: expected " +
               std::to_string(sizeof(quintile_load_request)) + " bytes, got " +
               std::to_string(given.struct_bytes));
  }
  Request request;
  for (std::size_t i = 0; i < given.file_count; ++i) {
    request.files.emplace_back(given.files[i]);
  }
  if (request.files.empty()) {
    fail_usage("expected a file to load, got none");
  }
  read_columns(given, request);
  read_time_rules(given, request);
  read_money_rules(given, request);
  request.delimiter = given.delimiter == '\0' ? ',' : given.delimiter;
  if (std::string_view("\"\r\n").find(request.delimiter) != std::string_view::npos) {
    fail_usage("a quote or a line end cannot be the delimiter");
  }
  const unsigned wanted =
      given.threads == 0 ? std::max(1U, std::thread::hardware_concurrency()) : given.threads;
  request.threads = std::min(wanted, kMaxThreads);
  request.block_bytes = given.block_bytes == 0 ? kDefaultBlockBytes : given.block_bytes;
  if (request.block_bytes > kMaxBlockBytes) {
    fail_usage("expected blocks of at most 1 GiB, got " + std::to_string(request.block_bytes) +
               " bytes");
  }
  request.integer_ids = given.integer_ids != 0;
  request.on_reject = given.on_reject;
  request.on_progress = given.on_progress;
  request.context = given.context;
  return request;
}

}  // namespace quintile::loader
