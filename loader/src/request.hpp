// What to load, copied out of the C structure and checked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "quintile/date_time.hpp"
#include "quintile/loader.h"

namespace quintile::loader {

struct ExtraColumn {
  std::string name;
  std::string column;
  quintile_column_type type = QUINTILE_COLUMN_AUTO;
  int decimals = 0;
  std::string wanted_by;
};

struct IdentifierColumn {
  std::string name_space;
  std::string column;
};

struct Request {
  std::vector<std::string> files;
  std::optional<std::string> contact;
  std::optional<std::string> time;
  std::optional<std::string> order;
  std::optional<std::string> amount;
  std::optional<std::string> quantity;
  std::optional<std::string> price;
  std::optional<std::string> product;
  std::optional<std::string> category;
  std::optional<std::string> currency;
  std::optional<std::string> identifiers;
  std::optional<std::string> type;
  std::vector<IdentifierColumn> identifier_columns;
  std::set<std::string, std::less<>> event_types;  // empty: all
  std::vector<ExtraColumn> extra_columns;

  char delimiter = ',';
  std::optional<TimeFormat> date_format;
  TimeZone time_zone;
  std::string base_currency;  // empty: not given
  int currency_decimals = 2;
  std::string rates_file;  // empty: none

  unsigned threads = 1;
  std::int64_t block_bytes = 0;
  bool integer_ids = false;
  bool has_integer_contacts = false;  // settled once all files are open
  bool has_integer_orders = false;
  quintile_reject_function on_reject = nullptr;
  quintile_progress_function on_progress = nullptr;
  void* context = nullptr;
};

// Throws LoadError (usage) if something is wrong with it.
Request read_request(const quintile_load_request& given);

}  // namespace quintile::loader
