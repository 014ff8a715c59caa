// Slices of cells to batches of checked values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <arrow/type_fwd.h>

#include "layout.hpp"
#include "rates.hpp"
#include "request.hpp"
#include "source.hpp"

namespace quintile::loader {

// What one slice became.
struct Batch {
  std::shared_ptr<arrow::RecordBatch> accepted;  // null if no row was
  std::uint64_t records = 0;
  std::uint64_t anonymous = 0;
  std::uint64_t other_types = 0;
  std::vector<Reject> rejects;                    // by record, counted from the start of the job
  std::set<std::string, std::less<>> currencies;  // of accepted rows, where no rates make them one
};

// Immutable, so that any number of threads may convert at once.
class Converter {
 public:
  Converter() = default;
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  virtual ~Converter() = default;
  [[nodiscard]] virtual const Layout& layout() const = 0;
  [[nodiscard]] virtual std::shared_ptr<arrow::Schema> schema() const = 0;
  [[nodiscard]] virtual Batch convert(const Slice& slice) const = 0;
};

// `columns` are those of the first file. Request and rates must outlive the converter.
std::unique_ptr<Converter> make_order_converter(const Request& request, const Rates* rates,
                                                const std::vector<ColumnInfo>& columns);
std::unique_ptr<Converter> make_contact_converter(const Request& request,
                                                  const std::vector<ColumnInfo>& columns);
std::unique_ptr<Converter> make_event_converter(const Request& request,
                                                const std::vector<ColumnInfo>& columns);

}  // namespace quintile::loader
