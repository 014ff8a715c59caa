#include "rfm_rows.hpp"

namespace quintile::cli {
namespace {

enum RowColumn : std::size_t { kContact, kRecencyDays, kFrequency, kMonetary, kR, kF, kM, kClass };

}  // namespace

RfmRows::RfmRows(const Generation& generation, const RfmResult& result, int currency_decimals)
    : generation_(generation), result_(result) {
  using Type = Column::Type;
  columns_ = {{"contact", Type::kText, 0},     {"recency_days", Type::kNumber, 0},
              {"frequency", Type::kNumber, 0}, {"monetary", Type::kNumber, currency_decimals},
              {"r", Type::kNumber, 0},         {"f", Type::kNumber, 0},
              {"m", Type::kNumber, 0},         {"class", Type::kText, 0}};
  rows_.reserve(result.listed_count());
  for (const RowId row : generation.rows_in_id_order()) {
    if (result.is_listed(row)) {
      rows_.push_back(row);
    }
  }
}

std::string_view RfmRows::text(std::uint64_t row, std::size_t column) const {
  const RowId id = rows_[row];
  if (column == kContact) {
    contact_.clear();
    generation_.append_contact_id(id, contact_);
    return contact_;
  }
  return result_.class_infos()[result_.classes()[to_index(id)]].name;
}

std::optional<Int128> RfmRows::number(std::uint64_t row, std::size_t column) const {
  const RowId id = rows_[row];
  const std::size_t index = to_index(id);
  switch (column) {
    case kRecencyDays: {
      const std::uint16_t days = result_.recency_days()[index];
      return days == kNoRecency ? std::nullopt : std::optional<Int128>(days);
    }
    case kFrequency:
      return result_.frequency()[index];
    case kMonetary:
      return result_.monetary_empty(id) ? std::nullopt
                                        : std::optional<Int128>(result_.monetary()[index]);
    case kR:
      return result_.tiers(Axis::kRecency)[index];
    case kF:
      return result_.tiers(Axis::kFrequency)[index];
    case kM:
      return result_.tiers(Axis::kMonetary)[index];
    default:
      return std::nullopt;
  }
}

}  // namespace quintile::cli
