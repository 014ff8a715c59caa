// A load in progress: batches in order, rejects told, records counted.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include <arrow/type_fwd.h>

#include "converter.hpp"
#include "pipeline.hpp"
#include "rates.hpp"
#include "request.hpp"

namespace quintile::loader {

// The counts of a load, which its report may read at any time.
class LoadCounts {
 public:
  void add(const Batch& batch);
  [[nodiscard]] quintile_load_counts read() const;

 private:
  mutable std::mutex mutex_;
  quintile_load_counts counts_{};
};

class LoadStream {
 public:
  enum class Kind : std::uint8_t { kOrders, kContacts, kEvents };

  // Open all files and check their columns; the reading starts with the first batch that is asked
  // for.
  LoadStream(Kind kind, Request request);

  [[nodiscard]] std::shared_ptr<arrow::Schema> schema() const { return converter_->schema(); }
  [[nodiscard]] std::shared_ptr<const LoadCounts> counts() const { return counts_; }
  // The next batch of accepted rows, null at the end. Throws LoadError.
  std::shared_ptr<arrow::RecordBatch> next();

 private:
  void open_files(Kind kind);
  std::unique_ptr<Converter> make_converter(Kind kind) const;
  void note_integers(const std::vector<ColumnInfo>& columns, Request& found) const;
  bool take_outcome();
  void take_batch(const Batch& batch);
  void check_currencies(const Batch& batch);
  void check_decimals(const std::string& currency) const;
  void tell_progress(const Outcome& outcome) const;

  Request request_;
  std::unique_ptr<Rates> rates_;
  std::vector<std::unique_ptr<Source>> opened_;  // the first file, and pipes
  std::vector<ColumnInfo> first_columns_;
  std::unique_ptr<Converter> converter_;
  std::vector<std::int64_t> file_bytes_;
  std::shared_ptr<LoadCounts> counts_ = std::make_shared<LoadCounts>();
  std::unique_ptr<Pipeline> pipeline_;

  Outcome outcome_;  // whose batches are being handed out
  std::size_t next_batch_ = 0;
  std::uint64_t job_record_ = 0;    // records of the file before the current job, header included
  std::uint64_t seen_records_ = 0;  // of the current job
  std::set<std::string, std::less<>> currencies_;
};

}  // namespace quintile::loader
