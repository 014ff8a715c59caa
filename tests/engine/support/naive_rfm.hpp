// RFM spelled out as the definition says it, slowly: what the engine is held against.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "arrow_batch.hpp"
#include "quintile/date_time.hpp"
#include "quintile/int128.hpp"
#include "quintile/model.hpp"

namespace quintile::testing {

struct NaiveLine {
  std::string contact;
  std::int64_t time = 0;
  std::int64_t amount = 0;
  std::string order{};  // empty: an order of its own
  std::string category{};
  std::optional<std::int64_t> quantity{};  // thousandths
};

struct NaiveRow {
  std::optional<int> recency_days;
  std::optional<int> first_days;
  std::uint32_t frequency = 0;
  Int128 monetary = 0;
  bool monetary_empty = false;
  bool monetary_purchase = false;  // has a purchase in the monetary window
  int r = 0;
  int f = 0;
  int m = 0;
  std::string class_name;
  // Over the monetary window.
  Int128 revenue = 0;
  Int128 units = 0;
  std::uint64_t orders = 0;
  std::uint64_t purchases = 0;
};

struct NaiveQuestion {
  const RfmModel* model = nullptr;
  AsOf as_of;
  TimeZone zone;
  std::function<bool(const NaiveLine&)> where;         // empty: all lines
  std::function<bool(const std::string&)> population;  // empty: all contacts
};

// One row per contact with a line at or before as_of and in the population, by contact id.
std::map<std::string, NaiveRow> naive_rfm(const std::vector<NaiveLine>& lines,
                                          const NaiveQuestion& question);

// The lines as the columns of an engine's stream.
std::vector<TestColumn> to_columns(const std::vector<NaiveLine>& lines);

}  // namespace quintile::testing
