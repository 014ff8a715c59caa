// What the steps of one model's computation share.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "exec/block_tasks.hpp"
#include "exec/executor.hpp"
#include "exec/rfm_data.hpp"
#include "exec/scope.hpp"
#include "quintile/date_time.hpp"
#include "quintile/model.hpp"
#include "storage/attribute_store.hpp"
#include "storage/order_store.hpp"

namespace quintile {

inline constexpr std::size_t kWordsPerBlock = kRowsPerBlock / 64;

constexpr bool test_bit(std::span<const std::uint64_t> words, std::size_t i) noexcept {
  return ((words[i / 64] >> (i % 64)) & 1) != 0;
}

// One axis' window, resolved for one as_of.
struct AxisWindow {
  bool by_days = true;
  std::uint16_t from_day = 1;  // by_days: first local date in it
  std::int64_t after_us = 0;   // else: times above this are in it

  [[nodiscard]] bool contains(std::uint16_t day, std::int64_t time) const noexcept {
    return by_days ? day >= from_day : time > after_us;
  }
  friend bool operator==(const AxisWindow&, const AxisWindow&) = default;
};

AxisWindow resolve_window(const std::optional<Window>& window, std::int64_t instant_us,
                          std::uint16_t local_day) noexcept;

struct RfmContext {
  const RfmModel& model;
  std::span<const OrderBlock> blocks;
  std::span<const LineColumn> line_columns;
  const AttributeStore& attributes;
  const IdOrder& contacts;
  const TimeZone& zone;
  Arena::Executor& executor;
  std::stop_token stop{};
  bool series = false;
  bool general_only = false;  // for tests: never take the kernels' way over orders

  std::int64_t instant_us = 0;
  std::uint16_t local_day = 0;
  bool whole_day = false;  // as_of is the last instant of its local day
  std::array<AxisWindow, kAxisCount> windows{};
  std::int64_t min_purchase = 1;
  std::optional<BoundExpression> where{};
  const Scope* people = nullptr;  // what `population` is bound to
  std::optional<BoundExpression> population{};

  // By block: the lines that `where` lets through, if there is one.
  std::vector<AlignedBuffer<std::uint64_t>> seen_lines{};
  // By block: 1 if orders are taken as a whole, by day and amount; 0 if line by line.
  std::vector<std::uint8_t> whole_orders{};

  [[nodiscard]] std::uint32_t rows() const noexcept { return contacts.ids().size(); }
  [[nodiscard]] const AxisWindow& window(Axis axis) const noexcept {
    return windows[to_index(axis)];
  }
  // Rows of block b, as a position and a count.
  [[nodiscard]] std::size_t block_begin(std::size_t block) const noexcept {
    return block * kRowsPerBlock;
  }
  [[nodiscard]] std::size_t block_rows(std::size_t block) const noexcept {
    return std::min<std::size_t>(kRowsPerBlock, rows() - block_begin(block));
  }
  template <class T>
  [[nodiscard]] std::span<T> block_of(AlignedBuffer<T>& column, std::size_t block) const noexcept {
    return column.span().subspan(block_begin(block), block_rows(block));
  }
  template <class T>
  [[nodiscard]] std::span<const T> block_of(const AlignedBuffer<T>& column,
                                            std::size_t block) const noexcept {
    return column.span().subspan(block_begin(block), block_rows(block));
  }
  // Words of block b of a bitmap over all rows.
  [[nodiscard]] std::span<std::uint64_t> words_of(AlignedBuffer<std::uint64_t>& words,
                                                  std::size_t block) const noexcept {
    return words.span().subspan(block * kWordsPerBlock, (block_rows(block) + 63) / 64);
  }
  [[nodiscard]] std::span<const std::uint64_t> words_of(const AlignedBuffer<std::uint64_t>& words,
                                                        std::size_t block) const noexcept {
    return words.span().subspan(block * kWordsPerBlock, (block_rows(block) + 63) / 64);
  }
};

// Runs `task(block, worker)` for all blocks, or for those that were left when a stop was asked for.
// Returns kCancelled then, or the first failure that a task reported.
template <class Task>
Status for_each_block(const RfmContext& context, const Task& task) {
  FirstFailure failure;
  context.executor.run(context.blocks.size(), [&](std::size_t block, int worker) {
    if (context.stop.stop_requested()) {
      return;
    }
    Status status = task(block, worker);
    if (!status.ok()) {
      failure.report(block, std::move(status));
    }
  });
  if (context.stop.stop_requested()) {
    return {StatusCode::kCancelled, "the computation was stopped"};
  }
  return failure.take();
}

// The steps, in order. Each fills its part of `data`.
Status compute_totals(RfmContext& context, RfmData& data);                  // rfm_totals.cpp
Status compute_cuts(const RfmContext& context, RfmData& data);              // cut_points.cpp
Status compute_ntile(const RfmContext& context, RfmData& data, Axis axis);  // ntile.cpp
Status compute_codes(const RfmContext& context, RfmData& data);             // rfm_score.cpp
Status compute_measures(const RfmContext& context, RfmData& data);          // rfm_measures.cpp
Status compute_series(const RfmContext& context, RfmData& data);            // rfm_series.cpp

// All of them.
Result<std::unique_ptr<RfmData>> run_rfm(RfmContext& context);  // rfm_run.cpp

}  // namespace quintile
