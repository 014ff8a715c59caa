#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "bytes_below.hpp"
#include "lanes.hpp"
#include "prefetch.hpp"
#include "quintile/kernels/order_statistics.hpp"

// Values among thresholds. 2,048 rows at a time: places as bytes into L1; the bytes are counted in
// lanes, threshold by threshold; the few rows of places that are kept are then picked out one by
// one. While a chunk is worked on the next one comes from memory.
namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

constexpr std::size_t kPlaceChunk = 2048;
// Rows that are not valid, and the padding of the last group of 64.
constexpr std::uint8_t kNoPlace = 31;
static_assert(kThresholdsMax < kNoPlace);

// What all chunks of one call share.
template <typename Value, class Arch>
struct KeptPlaces {
  Lanes<std::uint8_t, Arch> low;   // by place below 16: not 0 where values are kept
  Lanes<std::uint8_t, Arch> high;  // by place - 16
  KeptValues<Value>* by_place;
  bool any = false;

  [[gnu::always_inline]] explicit KeptPlaces(std::span<KeptValues<Value>> kept)
      : by_place(kept.data()) {
    std::uint8_t wanted[32] = {};
    for (std::size_t p = 0; p < kept.size(); ++p) {
      wanted[p] = kept[p].room.empty() ? 0 : 1;
      any = any || wanted[p] != 0;
    }
    low = repeat16<Arch>(wanted);
    high = repeat16<Arch>(wanted + 16);
  }

  // Bits of the rows, of 64, whose values are kept.
  [[gnu::always_inline]] std::uint64_t rows(const std::uint8_t* places) const {
    using Bytes = Lanes<std::uint8_t, Arch>;
    return bits_of_rows<std::uint8_t, Arch>([&](std::size_t j) {
      const Bytes place = Bytes::load_aligned(places + j);
      const Bytes part = place & Bytes(std::uint8_t{15});
      const Bytes wanted =
          xsimd::select(place == part, look_up16<Arch>(low, part), look_up16<Arch>(high, part));
      return wanted != Bytes(std::uint8_t{0});
    });
  }
};

// How many of `rows` bytes (a multiple of 64, at most kPlaceChunk) are above `limit`.
template <class Arch>
[[gnu::always_inline]] inline std::uint64_t count_above(const std::uint8_t* places,
                                                        std::size_t rows, std::uint8_t limit) {
  using Bytes = Lanes<std::int8_t, Arch>;
  using Words = Lanes<std::uint16_t, Arch>;
  static_assert(kPlaceChunk / kBytes<Arch> <= 255);
  const Bytes wanted(static_cast<std::int8_t>(limit));
  Bytes sums(std::int8_t{0});
  for (std::size_t i = 0; i < rows; i += kBytes<Arch>) {
    const Bytes place = Bytes::load_aligned(reinterpret_cast<const std::int8_t*>(places) + i);
    sums = increment_where(sums, place > wanted);
  }
  const Words pairs = xsimd::bitwise_cast<std::uint16_t>(sums);
  const Words halves = (pairs & Words(std::uint16_t{0xFF})) + xsimd::bitwise_rshift<8>(pairs);
  return xsimd::reduce_add(halves);
}

// Places of one chunk; returns their number, padded to whole groups of 64.
template <class Arch, typename Value, typename Key>
[[gnu::always_inline]] inline std::size_t put_places(
    std::span<const Value> values, const std::uint64_t* valid,
    const Thresholds<Key, Arch, kThresholdsMax>& thresholds, std::uint8_t* places) {
  using Bytes = Lanes<std::uint8_t, Arch>;
  constexpr std::size_t kStep = kBytes<Arch>;
  std::size_t row = 0;
  for (; row + kStep <= values.size(); row += kStep) {
    prefetch_values<kStep>(values.data() + row, kPlaceChunk * sizeof(Value));
    bytes_below<Arch>(values.data() + row, thresholds).store_aligned(places + row);
  }
  const std::size_t padded_rows = (values.size() + 63) / 64 * 64;
  if (row < values.size()) {
    Value padded[kStep] = {};
    for (std::size_t i = row; i < values.size(); ++i)
      padded[i - row] = values[i];
    bytes_below<Arch>(padded, thresholds).store_aligned(places + row);
  }
  for (std::size_t i = values.size(); i < padded_rows; ++i)
    places[i] = kNoPlace;
  if (valid == nullptr) return padded_rows;
  for (std::size_t i = 0; i < padded_rows; i += kStep) {
    select_where_bits<Arch>(bits_at<Arch>(valid, i), Bytes::load_aligned(places + i),
                            Bytes(kNoPlace))
        .store_aligned(places + i);
  }
  // Validity may have bits past the last row.
  for (std::size_t i = values.size(); i < padded_rows; ++i)
    places[i] = kNoPlace;
  return padded_rows;
}

template <typename Value, class Arch>
[[gnu::always_inline]] inline void keep_rows(const Value* values, const std::uint8_t* places,
                                             std::size_t rows,
                                             const KeptPlaces<Value, Arch>& kept) {
  for (std::size_t group = 0; group < rows; group += 64) {
    for (std::uint64_t bits = kept.rows(places + group); bits != 0; bits &= bits - 1) {
      const std::size_t i = group + static_cast<std::size_t>(__builtin_ctzll(bits));
      KeptValues<Value>& place = kept.by_place[places[i]];
      place.room.data()[place.used++] = values[i];
    }
  }
}

// `Key`: the type that values are compared in.
template <class Arch, typename Value, typename Key>
void place_values(std::span<const Value> values, std::span<const std::uint64_t> valid,
                  std::span<const Value> threshold_values, std::span<std::uint64_t> counts,
                  std::span<KeptValues<Value>> kept_values) {
  const Thresholds<Key, Arch, kThresholdsMax> thresholds(threshold_values);
  const KeptPlaces<Value, Arch> kept(kept_values);
  std::uint64_t above[kThresholdsMax + 1] = {};
  std::uint64_t rows = 0;
  alignas(64) std::uint8_t places[kPlaceChunk];
  for (std::size_t first = 0; first < values.size(); first += kPlaceChunk) {
    const std::size_t left = values.size() - first;
    const std::span<const Value> chunk =
        values.subspan(first, left < kPlaceChunk ? left : kPlaceChunk);
    const std::size_t used = put_places<Arch, Value, Key>(
        chunk, valid.empty() ? nullptr : valid.data() + first / 64, thresholds, places);
    rows += used;
    for (std::size_t p = 0; p < counts.size(); ++p)
      above[p] += count_above<Arch>(places, used, static_cast<std::uint8_t>(p));
    if (kept.any) keep_rows(chunk.data(), places, used, kept);
  }
  for (std::size_t p = 0; p < counts.size(); ++p)
    counts[p] += (p == 0 ? rows : above[p - 1]) - above[p];
}

}  // namespace
}  // namespace quintile::kernels::QUINTILE_ISA_NS
