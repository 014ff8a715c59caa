#pragma once

#include "quintile/kernels/aggregate.hpp"
#include "quintile/kernels/bitmap.hpp"
#include "quintile/kernels/boolean.hpp"
#include "quintile/kernels/event_window.hpp"
#include "quintile/kernels/order_statistics.hpp"
#include "quintile/kernels/predicate.hpp"
#include "quintile/kernels/rfm.hpp"
#include "quintile/kernels/tally.hpp"

// The tables that dispatch goes through: per family a struct of function pointers with the
// signatures of the public entry points, and one filled instance per instruction set, a constant
// named k<Family>Kernels in the namespace of that set (`scalar`, `sse42`, ...).
namespace quintile::kernels {

#define QUINTILE_KERNEL_SLOT(function) decltype(&kernels::function) function

struct AggregateKernels {
  QUINTILE_KERNEL_SLOT(reduce_orders);
  QUINTILE_KERNEL_SLOT(count_blocks);
  QUINTILE_KERNEL_SLOT(partition_orders);
  QUINTILE_KERNEL_SLOT(accumulate_orders);
  QUINTILE_KERNEL_SLOT(partition_packed);
  QUINTILE_KERNEL_SLOT(accumulate_packed);
  QUINTILE_KERNEL_SLOT(spread_totals);
  QUINTILE_KERNEL_SLOT(ages_in_days);
};

struct OrderStatisticsKernels {
  QUINTILE_KERNEL_SLOT(place_values_u16);
  QUINTILE_KERNEL_SLOT(place_values_u32);
  QUINTILE_KERNEL_SLOT(place_values_i64);
  QUINTILE_KERNEL_SLOT(count_values_u16);
  QUINTILE_KERNEL_SLOT(count_values_u32);
  QUINTILE_KERNEL_SLOT(count_values_i64);
  QUINTILE_KERNEL_SLOT(count_magnitudes_u32);
  QUINTILE_KERNEL_SLOT(count_magnitudes_i64);
  QUINTILE_KERNEL_SLOT(fold_bins);
};

struct PredicateKernels {
  QUINTILE_KERNEL_SLOT(mark_interval_u8);
  QUINTILE_KERNEL_SLOT(mark_interval_u16);
  QUINTILE_KERNEL_SLOT(mark_interval_u32);
  QUINTILE_KERNEL_SLOT(mark_interval_i32);
  QUINTILE_KERNEL_SLOT(mark_interval_i64);
  QUINTILE_KERNEL_SLOT(mark_interval_f64);
  QUINTILE_KERNEL_SLOT(mark_list_u16);
  QUINTILE_KERNEL_SLOT(mark_list_u32);
  QUINTILE_KERNEL_SLOT(mark_list_i32);
  QUINTILE_KERNEL_SLOT(mark_list_i64);
  QUINTILE_KERNEL_SLOT(mark_codes_u8);
  QUINTILE_KERNEL_SLOT(mark_codes_u16);
  QUINTILE_KERNEL_SLOT(mark_codes_u32);
};

struct RfmKernels {
  QUINTILE_KERNEL_SLOT(tiers_u16);
  QUINTILE_KERNEL_SLOT(tiers_u32);
  QUINTILE_KERNEL_SLOT(tiers_i64);
  QUINTILE_KERNEL_SLOT(flag_range_u16);
  QUINTILE_KERNEL_SLOT(flag_range_u32);
  QUINTILE_KERNEL_SLOT(flag_range_i64);
  QUINTILE_KERNEL_SLOT(cells);
  QUINTILE_KERNEL_SLOT(classify);
  QUINTILE_KERNEL_SLOT(score);
  QUINTILE_KERNEL_SLOT(fill_codes_outside);
  QUINTILE_KERNEL_SLOT(replace_codes);
};

struct BitmapKernels {
  QUINTILE_KERNEL_SLOT(code_bitmaps);
  QUINTILE_KERNEL_SLOT(count_bits);
  QUINTILE_KERNEL_SLOT(mark_nonzero_u32);
};

struct TallyKernels {
  QUINTILE_KERNEL_SLOT(count_codes);
  QUINTILE_KERNEL_SLOT(count_pairs);
  QUINTILE_KERNEL_SLOT(count_cells);
  QUINTILE_KERNEL_SLOT(sum_u16_by_code);
  QUINTILE_KERNEL_SLOT(sum_u32_by_code);
  QUINTILE_KERNEL_SLOT(sum_i64_by_code);
  QUINTILE_KERNEL_SLOT(sum_u16_by_cell);
  QUINTILE_KERNEL_SLOT(sum_u32_by_cell);
  QUINTILE_KERNEL_SLOT(sum_i64_by_cell);
};

struct BooleanKernels {
  QUINTILE_KERNEL_SLOT(evaluate_boolean);
};

struct EventWindowKernels {
  QUINTILE_KERNEL_SLOT(count_events);
  QUINTILE_KERNEL_SLOT(mark_event_counts);
  QUINTILE_KERNEL_SLOT(sum_events);
  QUINTILE_KERNEL_SLOT(bound_events);
  QUINTILE_KERNEL_SLOT(find_events);
};

#undef QUINTILE_KERNEL_SLOT

struct KernelTable {
  const AggregateKernels* aggregate;
  const OrderStatisticsKernels* order_statistics;
  const RfmKernels* rfm;
  const BitmapKernels* bitmap;
  const TallyKernels* tally;
  const PredicateKernels* predicate;
  const BooleanKernels* boolean;
  const EventWindowKernels* event_window;
};

/// The table of the active instruction set.
const KernelTable& active_table() noexcept;

}  // namespace quintile::kernels
