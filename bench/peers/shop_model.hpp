// The engine's own steps from R, F, M columns to cut points, tiers, classes and class bitmaps, run
// over columns that come from outside.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "exec/executor.hpp"
#include "exec/rfm_context.hpp"
#include "exec/rfm_data.hpp"
#include "quintile/model.hpp"
#include "storage/aligned_buffer.hpp"
#include "storage/attribute_store.hpp"
#include "storage/order_store.hpp"

namespace quintile::peers {

class ShopModel {
 public:
  ShopModel(RfmModel model, AlignedBuffer<std::uint16_t> recency,
            AlignedBuffer<std::uint32_t> frequency, AlignedBuffer<std::int64_t> monetary,
            Arena::Executor& executor);

  void set_cuts(Axis axis, std::vector<std::int64_t> cuts);
  void compute_cuts();
  void score();  // codes, and the class segments with their counts

  [[nodiscard]] const RfmModel& model() const noexcept { return model_; }
  [[nodiscard]] const RfmData& data() const noexcept { return data_; }
  [[nodiscard]] std::size_t contacts() const noexcept { return data_.rows; }
  [[nodiscard]] const std::vector<std::uint64_t>& class_counts() const noexcept { return counts_; }

 private:
  RfmModel model_;
  std::vector<OrderBlock> blocks_;  // empty: only their number matters here
  AttributeStore attributes_;
  IdOrder contacts_;
  TimeZone zone_;
  RfmContext context_;
  RfmData data_;
  std::vector<std::uint64_t> counts_;
};

}  // namespace quintile::peers
