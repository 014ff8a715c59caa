// Order lines as files, and the loader that reads them, opened as the program opens it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "quintile/arrow_abi.h"
#include "quintile/loader.h"

namespace quintile::bench {

// The functions of the loader library that lies in the build folder.
struct LoaderFunctions {
  LoaderFunctions();
  quintile_loader_open_function open_orders = nullptr;
  quintile_loader_write_function write = nullptr;
};

// A stream of `contact`, `order`, `time` and `amount` of a CSV or Parquet file.
ArrowArrayStream open_orders(const LoaderFunctions& loader, const std::string& path,
                             unsigned threads);

// The batches of a stream, kept in memory, to be streamed any number of times.
class KeptBatches {
 public:
  explicit KeptBatches(ArrowArrayStream stream);
  ~KeptBatches();
  KeptBatches(const KeptBatches&) = delete;
  KeptBatches& operator=(const KeptBatches&) = delete;

  // This object must outlive the stream.
  [[nodiscard]] ArrowArrayStream stream() const;
  [[nodiscard]] std::uint64_t rows() const noexcept;

 private:
  struct Replay;
  ArrowArrayStream source_;
  std::vector<ArrowArray> batches_;
};

// Counts the rows of a stream and sums its amounts, then releases it.
struct DrainedOrders {
  std::uint64_t rows = 0;
  std::int64_t amount = 0;
};
DrainedOrders drain(ArrowArrayStream stream);

// Files of made-up order lines in the system's folder for temporary files, removed in the end.
class OrderFiles {
 public:
  OrderFiles(const LoaderFunctions& loader, std::size_t lines);
  ~OrderFiles();
  OrderFiles(const OrderFiles&) = delete;
  OrderFiles& operator=(const OrderFiles&) = delete;

  [[nodiscard]] std::string csv() const { return folder_ + "/orders.csv"; }
  [[nodiscard]] std::string parquet() const { return folder_ + "/orders.parquet"; }
  [[nodiscard]] std::size_t csv_bytes() const noexcept { return csv_bytes_; }
  [[nodiscard]] std::size_t lines() const noexcept { return lines_; }

 private:
  std::string folder_;
  std::size_t lines_;
  std::size_t csv_bytes_ = 0;
};

}  // namespace quintile::bench
