#include "shop_model.hpp"

#include <span>
#include <stdexcept>
#include <utility>

#include "quintile/kernels/bitmap.hpp"
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
      bitmaps_(blocks_.size() * model_.classes.size() * kWordsPerBlock),
      block_counts_(blocks_.size() * model_.classes.size()),
      counts_(model_.classes.size()) {
  const std::size_t rows = frequency.size();
  data_.rows = static_cast<std::uint32_t>(rows);
  data_.recency = std::move(recency);
  data_.frequency = std::move(frequency);
  data_.monetary = std::move(monetary);
  data_.monetary_valid.resize((rows + 63) / 64);
  data_.member.assign((rows + 63) / 64, ~std::uint64_t{0});
  for (AlignedBuffer<std::uint8_t>& tiers : data_.tiers)
    tiers.resize(rows);
  data_.classes.resize(rows);
}

void ShopModel::set_cuts(Axis axis, std::vector<std::int64_t> cuts) {
  data_.cuts[to_index(axis)].cuts = std::move(cuts);
  data_.cuts[to_index(axis)].tiers = model_.axis(axis).count;
}

void ShopModel::mark_buyers() {
  context_.executor.run(blocks_.size(), [&](std::size_t block, int) {
    kernels::mark_nonzero_u32(context_.block_of(std::as_const(data_.frequency), block),
                              context_.words_of(data_.monetary_valid, block));
  });
}

void ShopModel::compute_cuts() {
  mark_buyers();
  require(quintile::compute_cuts(context_, data_));
}

void ShopModel::score() {
  mark_buyers();
  require(compute_codes(context_, data_));
  const std::size_t classes = model_.classes.size();
  std::fill(block_counts_.begin(), block_counts_.end(), 0);
  context_.executor.run(blocks_.size(), [&](std::size_t block, int) {
    kernels::code_bitmaps(
        context_.block_of(std::as_const(data_.classes), block), 0, classes, kWordsPerBlock,
        bitmaps_.span().subspan(block * classes * kWordsPerBlock, classes * kWordsPerBlock),
        std::span(block_counts_).subspan(block * classes, classes));
  });
  std::fill(counts_.begin(), counts_.end(), 0);
  for (std::size_t i = 0; i < block_counts_.size(); ++i)
    counts_[i % classes] += block_counts_[i];
}

}  // namespace quintile::peers
