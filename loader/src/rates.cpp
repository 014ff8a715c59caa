#include "rates.hpp"

#include <algorithm>
#include <optional>

#include "cells.hpp"
#include "error.hpp"
#include "layout.hpp"
#include "open_source.hpp"

namespace quintile::loader {
namespace {

constexpr Decimal kOne{1, 0};

std::optional<std::int32_t> date_of(const Column& column, std::size_t row) {
  if (!column.has_value(row)) {
    return std::nullopt;
  }
  if (column.kind == CellKind::kDate) {
    return static_cast<std::int32_t>(column.integers[row]);
  }
  return parse_date(column.texts[row]);
}

bool is_one(Decimal number) {
  for (; number.exponent < 0 && number.coefficient % 10 == 0; ++number.exponent) {
    number.coefficient /= 10;
  }
  return number.coefficient == 1 && number.exponent == 0;
}

[[noreturn]] void refuse(const std::string& path, std::uint64_t record, const std::string& flaw,
                         const std::string& value) {
  fail_data(path + ": record " + std::to_string(record) + ": " + flaw + ", got '" +
            printable(value) + "'");
}

}  // namespace

Rates Rates::load(const Request& request) {
  const std::string& path = request.rates_file;
  Rates rates;
  rates.base_currency_ = request.base_currency;
  const std::unique_ptr<Source> source = open_source(path, ',', request.block_bytes);
  source->select(locate(rate_layout(), request, source->columns(), path));
  std::uint64_t next_record = 2;
  const auto read = [&](const Slice& slice) {
    if (!slice.malformed.empty()) {
      refuse(path, next_record + slice.malformed[0].record, "expected as many fields as the header",
             slice.malformed[0].value);
    }
    for (std::size_t row = 0; row < slice.rows; ++row) {
      const std::uint64_t record = next_record + slice.first_record + row;
      const std::optional<std::int32_t> date = date_of(slice.columns[0], row);
      if (!date) {
        refuse(path, record, "expected a date", shown(slice.columns[0], row));
      }
      const std::string currency = shown(slice.columns[1], row);
      if (!currency_decimals(currency)) {
        refuse(path, record, "expected a currency code of three capital letters", currency);
      }
      Decimal rate;
      if (number_of(slice.columns[2], row, rate) != DecimalError::kNone || rate.coefficient <= 0) {
        refuse(path, record, "expected a rate above 0", shown(slice.columns[2], row));
      }
      if (currency == rates.base_currency_ && !is_one(rate)) {
        refuse(
            path, record,
            "expected 1 for " + currency +
                ", the currency that comes out: rates are its units for one unit of another (are "
                "they meant for another currency?)",
            shown(slice.columns[2], row));
      }
      rates.rates_[currency].push_back({*date + kDayNumberOfEpoch, rate});
    }
  };
  while (const std::unique_ptr<Job> job = source->next()) {
    std::uint64_t records = 0;
    job->read([&](const Slice& slice) {
      read(slice);
      records = slice.first_record + slice.records();
    });
    next_record += records;
  }
  for (auto& [currency, dated] : rates.rates_) {
    std::sort(dated.begin(), dated.end(),
              [](const DatedRate& left, const DatedRate& right) { return left.day < right.day; });
    const auto twice = std::adjacent_find(
        dated.begin(), dated.end(),
        [](const DatedRate& left, const DatedRate& right) { return left.day == right.day; });
    if (twice != dated.end()) {
      fail_data(path + ": " + currency + " has two rates on " +
                format_date(twice->day - kDayNumberOfEpoch));
    }
  }
  return rates;
}

const Decimal* Rates::find(std::string_view currency, std::uint16_t day) const {
  if (currency == base_currency_) {
    return &kOne;
  }
  const auto found = rates_.find(currency);
  if (found == rates_.end()) {
    return nullptr;
  }
  const auto later = std::upper_bound(
      found->second.begin(), found->second.end(), std::int32_t{day},
      [](std::int32_t wanted, const DatedRate& dated) { return wanted < dated.day; });
  return later == found->second.begin() ? nullptr : &(later - 1)->rate;
}

}  // namespace quintile::loader
