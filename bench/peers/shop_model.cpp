#include "shop_model.hpp"

#include <span>
#include <stdexcept>
#include <utility>

#include "storage/id_table.hpp"

namespace quintile::peers {
namespace {

void require(const Status& status) {
  if (!status.ok()) throw std::runtime_error(std::string(status.message()));
}

IdTexts numbered_ids(std::size_t contacts) {
  IdTable table;
  for (std::size_t i = 0; i < contacts; ++i) {
    table.insert(make_id_key(static_cast<std::int64_t>(i)));
  }
  return table.texts();
}

std::vector<OrderBlock> empty_blocks(std::size_t contacts) {
  return std::vector<OrderBlock>((contacts + kRowsPerBlock - 1) / kRowsPerBlock);
}

}  // namespace

ShopModel::ShopModel(RfmModel model, AlignedBuffer<std::uint16_t> recency,
                     AlignedBuffer<std::uint32_t> frequency, AlignedBuffer<std::int64_t> monetary,
                     Arena::Executor& executor)
    : model_(std::move(model)),
      blocks_(empty_blocks(frequency.size())),
      attributes_(Schema{}),
      contacts_(numbered_ids(frequency.size()), nullptr),
      context_{.model = model_,
               .blocks = blocks_,
               .line_columns = {},
               .attributes = attributes_,
               .contacts = contacts_,
               .zone = zone_,
               .executor = executor,
               .stop = {},
               .where = {},
               .population = {},
               .seen_lines = {},
               .whole_orders = {}},
      counts_(model_.classes.size()) {
  const std::size_t rows = frequency.size();
  data_.rows = static_cast<std::uint32_t>(rows);
  data_.recency = std::move(recency);
  data_.frequency = std::move(frequency);
  data_.monetary = std::move(monetary);
  data_.member.assign((rows + 63) / 64, ~std::uint64_t{0});
  for (AlignedBuffer<std::uint8_t>& tiers : data_.tiers)
    tiers.resize(rows);
  data_.classes.resize(rows);
}

void ShopModel::set_cuts(Axis axis, std::vector<std::int64_t> cuts) {
  data_.cuts[to_index(axis)].cuts = std::move(cuts);
  data_.cuts[to_index(axis)].tiers = model_.axis(axis).count;
}

void ShopModel::compute_cuts() { require(quintile::compute_cuts(context_, data_)); }

void ShopModel::score() {
  require(compute_codes(context_, data_));
  for (std::size_t code = 0; code < counts_.size(); ++code)
    counts_[code] = data_.segments[code].count();
}

}  // namespace quintile::peers
