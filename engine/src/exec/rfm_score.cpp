// Step 3: values to tiers, cells and classes; classes to segments, block by block while the codes
// are in the cache.
#include <algorithm>
#include <array>
#include <limits>

#include "exec/rfm_context.hpp"
#include "index/row_set_group.hpp"
#include "quintile/kernels/bitmap.hpp"
#include "quintile/kernels/rfm.hpp"

namespace quintile {

namespace {

template <class T>
T clamp_to(std::int64_t value) noexcept {
  return static_cast<T>(std::clamp(value, std::int64_t{std::numeric_limits<T>::min()},
                                   static_cast<std::int64_t>(std::numeric_limits<T>::max())));
}

// Cut points in the type of their column. An axis without population gets zeros: nobody is looked
// up.
template <class T>
std::vector<T> cuts_as(const AxisCuts& cuts) {
  std::vector<T> typed;
  for (const std::int64_t cut : cuts.cuts) {
    typed.push_back(clamp_to<T>(cut));
  }
  if (typed.empty()) {
    typed.assign(static_cast<std::size_t>(cuts.tiers) - 1, T{0});
  }
  return typed;
}

// From here on the tiers of a model exceed any usual cache.
constexpr std::uint32_t kRowsToStream = 1U << 22;

class Scorer {
 public:
  Scorer(const RfmContext& context, RfmData& data)
      : context_(context),
        data_(data),
        recency_cuts_(cuts_as<std::uint16_t>(data.cuts[0])),
        frequency_cuts_(cuts_as<std::uint32_t>(data.cuts[1])),
        monetary_cuts_(cuts_as<std::int64_t>(data.cuts[2])),
        flag_bits_(static_cast<unsigned>(context.model.table.condition_count)) {
    for (std::size_t axis = 0; axis < kAxisCount; ++axis) {
      fused_ = fused_ && context.model.tiers[axis].method != TierMethod::kNtile;
    }
  }

  void score(std::size_t b) const {
    const std::span<std::uint8_t> codes = context_.block_of(data_.classes, b);
    if (context_.model.table.codes.empty()) {
      set_tiers(b);
      score_by_rules(b, codes);
    } else {
      score_by_table(b, codes);
    }
    const std::span<const std::uint64_t> member = context_.words_of(std::as_const(data_.member), b);
    if (!std::all_of(member.begin(), member.end(), [](std::uint64_t w) { return ~w == 0; })) {
      kernels::fill_codes_outside(member, kNoClass, codes);
    }
  }

 private:
  void score_by_table(std::size_t b, std::span<std::uint8_t> codes) const {
    AlignedBuffer<std::uint8_t> flags(flag_bits_ == 0 ? 0 : codes.size());
    if (flag_bits_ != 0) {
      set_flags(b, flags.span());
    }
    const std::span<const std::uint8_t> table = context_.model.table.codes;
    if (fused_) {
      kernels::score({recency(b), frequency(b), monetary(b), valid(b), flags.span()},
                     {recency_cuts_, frequency_cuts_, monetary_cuts_, table, flag_bits_},
                     {tiers(0, b), tiers(1, b), tiers(2, b), codes, data_.rows >= kRowsToStream});
    } else {
      score_apart(b, flags.span(), codes);
    }
  }

  // Too many conditions for a table: contact by contact.
  void score_by_rules(std::size_t b, std::span<std::uint8_t> codes) const noexcept {
    const std::span<const std::uint16_t> first = context_.block_of(std::as_const(data_.first), b);
    for (std::size_t i = 0; i < codes.size(); ++i) {
      const std::uint64_t flags =
          context_.model.condition_flags(recency(b)[i], first[i], frequency(b)[i], monetary(b)[i]);
      codes[i] = context_.model.class_code(tiers(0, b)[i], tiers(1, b)[i], tiers(2, b)[i], flags);
    }
  }

  void set_tiers(std::size_t b) const {
    for (std::size_t axis = 0; axis < kAxisCount; ++axis) {
      // Nobody is in a tier, or compute_ntile has said who is in which.
      if (data_.cuts[axis].cuts.empty() &&
          context_.model.tiers[axis].method != TierMethod::kNtile) {
        std::ranges::fill(tiers(axis, b), std::uint8_t{0});
      }
    }
    if (!data_.cuts[0].cuts.empty()) {
      kernels::tiers_u16(recency(b), recency_cuts_, true, tiers(0, b));
    }
    if (!data_.cuts[1].cuts.empty()) {
      kernels::tiers_u32(frequency(b), frequency_cuts_, false, tiers(1, b));
    }
    if (!data_.cuts[2].cuts.empty()) {
      std::array<std::uint64_t, kWordsPerBlock> buyers;
      std::span<const std::uint64_t> has_value = valid(b);
      if (has_value.empty()) {
        kernels::mark_nonzero_u32(frequency(b), buyers);
        has_value = buyers;
      }
      kernels::tiers_i64(monetary(b), has_value, monetary_cuts_, false, tiers(2, b));
    }
  }

  void score_apart(std::size_t b, std::span<const std::uint8_t> flags,
                   std::span<std::uint8_t> codes) const {
    set_tiers(b);
    const kernels::CellShape shape{static_cast<std::uint8_t>(data_.cuts[0].tiers),
                                   static_cast<std::uint8_t>(data_.cuts[1].tiers),
                                   static_cast<std::uint8_t>(data_.cuts[2].tiers)};
    AlignedBuffer<std::uint16_t> cells(codes.size());
    kernels::cells(tiers(0, b), tiers(1, b), tiers(2, b), shape, cells.span());
    kernels::classify(cells.span(), flags, context_.model.table.codes, flag_bits_, codes);
  }

  void set_flags(std::size_t b, std::span<std::uint8_t> flags) const noexcept {
    const std::span<const ValueCondition> conditions = context_.model.conditions;
    for (std::size_t i = 0; i < conditions.size(); ++i) {
      const ValueCondition& condition = conditions[i];
      const auto bit = static_cast<std::uint8_t>(1U << i);
      if (condition.low > condition.high) {
        continue;
      }
      switch (condition.column) {
        case ValueColumn::kRecencyDays:
          flag_days(recency(b), condition, bit, flags);
          break;
        case ValueColumn::kFirstDays:
          flag_days(context_.block_of(std::as_const(data_.first), b), condition, bit, flags);
          break;
        case ValueColumn::kFrequency:
          if (condition.high >= 0 && condition.low <= std::numeric_limits<std::uint32_t>::max()) {
            kernels::flag_range_u32(frequency(b), clamp_to<std::uint32_t>(condition.low),
                                    clamp_to<std::uint32_t>(condition.high), bit, flags);
          }
          break;
        case ValueColumn::kMonetary:
          kernels::flag_range_i64(monetary(b), condition.low, condition.high, bit, flags);
          break;
      }
    }
  }

  // "No day" meets no condition, so no range may reach it.
  static void flag_days(std::span<const std::uint16_t> days, const ValueCondition& condition,
                        std::uint8_t bit, std::span<std::uint8_t> flags) noexcept {
    if (condition.high < 0 || condition.low > kMaxDays) {
      return;
    }
    kernels::flag_range_u16(days, clamp_to<std::uint16_t>(condition.low),
                            static_cast<std::uint16_t>(std::min(condition.high, kMaxDays)), bit,
                            flags);
  }

  [[nodiscard]] std::span<const std::uint16_t> recency(std::size_t b) const noexcept {
    return context_.block_of(std::as_const(data_.recency), b);
  }
  [[nodiscard]] std::span<const std::uint32_t> frequency(std::size_t b) const noexcept {
    return context_.block_of(std::as_const(data_.frequency), b);
  }
  [[nodiscard]] std::span<const std::int64_t> monetary(std::size_t b) const noexcept {
    return context_.block_of(std::as_const(data_.monetary), b);
  }
  [[nodiscard]] std::span<const std::uint64_t> valid(std::size_t b) const noexcept {
    return data_.monetary_valid.empty() ? std::span<const std::uint64_t>()
                                        : context_.words_of(std::as_const(data_.monetary_valid), b);
  }
  [[nodiscard]] std::span<std::uint8_t> tiers(std::size_t axis, std::size_t b) const noexcept {
    return context_.block_of(data_.tiers[axis], b);
  }

  const RfmContext& context_;
  RfmData& data_;
  std::vector<std::uint16_t> recency_cuts_;
  std::vector<std::uint32_t> frequency_cuts_;
  std::vector<std::int64_t> monetary_cuts_;
  unsigned flag_bits_;
  bool fused_ = true;
};

// One thread's scratch: dense bits of some classes of a block, which stay in its caches.
struct ClassBits {
  static constexpr std::size_t kClassesAtOnce = 16;  // 128 KiB
  AlignedBuffer<std::uint64_t> words;
  std::array<std::uint64_t, kClassesAtOnce> rows;
};

// Adds the rows of one block to the segments of their classes.
void put_classes(std::span<const std::uint8_t> codes, std::size_t block, std::size_t classes,
                 ClassBits& bits, RowSetGroup& segments) {
  bits.words.resize(ClassBits::kClassesAtOnce * kWordsPerBlock);
  const std::size_t used = (codes.size() + 63) / 64;
  for (std::size_t first = 0; first < classes; first += ClassBits::kClassesAtOnce) {
    const std::size_t count = std::min(ClassBits::kClassesAtOnce, classes - first);
    bits.rows.fill(0);
    kernels::code_bitmaps(codes, static_cast<std::uint8_t>(first), count, kWordsPerBlock,
                          bits.words.span(), std::span(bits.rows).first(count));
    for (std::size_t i = 0; i < count; ++i) {
      segments.put(first + i, block, bits.words.span().subspan(i * kWordsPerBlock, used),
                   bits.rows[i]);
    }
  }
}

}  // namespace

Status compute_codes(const RfmContext& context, RfmData& data) {
  for (std::size_t axis = 0; axis < kAxisCount; ++axis) {
    if (context.model.tiers[axis].method == TierMethod::kNtile) {
      if (Status status = compute_ntile(context, data, static_cast<Axis>(axis)); !status.ok()) {
        return status;
      }
    }
  }
  const Scorer scorer(context, data);
  RowSetGroup segments(context.model.classes.size(), context.blocks.size());
  std::vector<ClassBits> bits(static_cast<std::size_t>(context.executor.thread_count()));
  Status status = for_each_block(context, [&](std::size_t block, int worker) -> Status {
    scorer.score(block);
    put_classes(context.block_of(std::as_const(data.classes), block), block,
                context.model.classes.size(), bits[static_cast<std::size_t>(worker)], segments);
    return {};
  });
  if (status.ok()) {
    data.segments = segments.finish();
  }
  return status;
}

}  // namespace quintile
