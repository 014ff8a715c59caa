#pragma once

#include <cstddef>

namespace quintile::bench {

/// Bytes per second that a plain vector read of memory far larger than the caches reaches: the
/// bound that kernels over columns are held against, measured in the same run because it drifts.
struct ReadBandwidth {
  double one_core = 0;
  double all_cores = 0;
  unsigned cores = 1;
};

/// Measured once per process, at the first call (about a second; a moment in a smoke run).
const ReadBandwidth& read_bandwidth();

/// The bound for a benchmark that runs on `threads` threads.
double read_bandwidth_of(unsigned threads);

}  // namespace quintile::bench
