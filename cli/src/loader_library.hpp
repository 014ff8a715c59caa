// The loader, opened at run time: only a command that touches files in Arrow's formats needs it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "command.hpp"
#include <quintile/loader.h>

namespace quintile::cli {

// The loader's functions. Loaded once, never unloaded: streams may outlive this object.
//
//   LoaderLibrary loader;
//   if (auto failure = loader.load()) return report_failure(*failure);
//   if (auto failure = loader.write("orders.parquet", "parquet", &stream)) ...
class LoaderLibrary {
 public:
  // Find libquintile_loader.so beside the program or in ../lib, and check its version.
  [[nodiscard]] std::optional<Failure> load();

  // The calls of loader.h, errors as failures with the exit code that fits.
  [[nodiscard]] std::optional<Failure> open_orders(const quintile_load_request& request,
                                                   ArrowArrayStream* out);
  [[nodiscard]] std::optional<Failure> open_contacts(const quintile_load_request& request,
                                                     ArrowArrayStream* out);
  [[nodiscard]] std::optional<Failure> open_events(const quintile_load_request& request,
                                                   ArrowArrayStream* out);
  [[nodiscard]] std::optional<Failure> write(const std::string& path, const std::string& format,
                                             ArrowArrayStream* in) const;

  // The counts of the last open_*; complete once its stream has been read to the end.
  [[nodiscard]] quintile_load_counts counts() const;
  // The code of a reject reason, such as `bad_time`; null past the last.
  [[nodiscard]] const char* reject_reason(std::size_t index) const;

 private:
  std::optional<Failure> open(quintile_loader_open_function function,
                              const quintile_load_request& request, ArrowArrayStream* out);

  quintile_reject_reason_function reject_reason_ = nullptr;
  quintile_loader_open_function open_orders_ = nullptr;
  quintile_loader_open_function open_contacts_ = nullptr;
  quintile_loader_open_function open_events_ = nullptr;
  quintile_load_report_counts_function counts_ = nullptr;
  quintile_load_report_free_function free_ = nullptr;
  quintile_loader_write_function write_ = nullptr;
  std::shared_ptr<quintile_load_report> report_;
};

}  // namespace quintile::cli
