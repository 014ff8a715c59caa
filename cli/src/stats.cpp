// The command `stats`: what a store holds.
#include <memory>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "command.hpp"
#include "model_source.hpp"
#include "number_text.hpp"
#include "output_file.hpp"
#include "table.hpp"
#include <quintile/engine.hpp>
#include <quintile/store_directory.hpp>

namespace quintile::cli {
namespace {

constexpr int kEachDecimals = 1;

struct StatsOptions {
  std::string store;
  std::string format;
  std::uint64_t snapshot = 0;
  int threads = 0;
};

struct Part {
  std::string name;
  std::optional<std::uint64_t> count;
  std::optional<std::uint64_t> bytes;
};

// One line per part of the store.
class PartTable final : public Table {
 public:
  explicit PartTable(std::vector<Part> parts) : parts_(std::move(parts)) {}
  [[nodiscard]] const std::vector<Column>& columns() const override { return columns_; }
  [[nodiscard]] std::uint64_t row_count() const override { return parts_.size(); }
  [[nodiscard]] std::string_view text(std::uint64_t row, std::size_t) const override {
    return parts_[row].name;
  }
  [[nodiscard]] std::optional<Int128> number(std::uint64_t row, std::size_t column) const override {
    const Part& part = parts_[row];
    if (column == 1) {
      return part.count ? std::optional<Int128>(*part.count) : std::nullopt;
    }
    if (column == 2) {
      return part.bytes ? std::optional<Int128>(*part.bytes) : std::nullopt;
    }
    return part.bytes && part.count && *part.count != 0
               ? std::optional(mean_scaled(*part.bytes, 0, *part.count, kEachDecimals))
               : std::nullopt;
  }

 private:
  std::vector<Column> columns_ = {{"part", Column::Type::kText, 0},
                                  {"count", Column::Type::kNumber, 0},
                                  {"bytes", Column::Type::kNumber, 0},
                                  {"bytes_each", Column::Type::kNumber, kEachDecimals}};
  std::vector<Part> parts_;
};

std::vector<Part> parts_of(const Engine& engine, std::uint64_t snapshot) {
  constexpr std::string_view kEvents = "events.";
  std::vector<Part> parts = {{"snapshot", snapshot, std::nullopt},
                             {"models", engine.model_names().size(), std::nullopt}};
  Part events{"events", engine.event_count(), 0};
  Part total{"total", std::nullopt, 0};
  for (const MemoryPart& part : engine.memory()) {
    std::uint64_t count = engine.contact_count();
    if (part.name == "orders") {
      count = engine.line_count();
    } else if (part.name.starts_with(kEvents)) {
      count = engine.event_count(std::string_view(part.name).substr(kEvents.size()));
      *events.bytes += part.bytes;
    }
    parts.push_back({part.name, count, part.bytes});
    *total.bytes += part.bytes;
  }
  parts.push_back(events);
  parts.push_back(total);
  return parts;
}

std::optional<Failure> print_parts(const PartTable& table, Format format) {
  OutputFile output;
  output.open_standard_output();
  if (format != Format::kTable) {
    write_text(table, format, output);
    return output.finish();
  }
  const auto shown = [&](std::uint64_t row, std::size_t column) {
    const std::optional<Int128> number = table.number(row, column);
    return number ? grouped(*number, table.columns()[column].decimals) : std::string();
  };
  std::vector<std::vector<std::string>> lines = {{"part", "count", "bytes", "bytes each"}};
  for (std::uint64_t row = 0; row < table.row_count(); ++row) {
    lines.push_back({std::string(table.text(row, 0)), shown(row, 1), shown(row, 2), shown(row, 3)});
  }
  write_aligned(lines, output);
  return output.finish();
}

std::optional<Failure> stats(const StatsOptions& options) {
  std::optional<Format> format = ::isatty(STDOUT_FILENO) == 1 ? Format::kTable : Format::kCsv;
  if (!options.format.empty()) {
    format = format_named(options.format);
  }
  if (!format || *format == Format::kParquet) {
    return Failure{ExitCode::kUsage,
                   "--format: expected table, csv, json or ndjson, got '" + options.format + "'"};
  }
  Result<std::shared_ptr<Arena>> arena = Arena::create(options.threads);
  if (!arena.ok()) {
    return data_failure(arena.status());
  }
  const Result<std::vector<std::uint64_t>> numbers = snapshot_numbers(options.store);
  if (!numbers.ok()) {
    return data_failure(numbers.status());
  }
  const std::uint64_t newest = numbers->empty() ? 0 : numbers->back();
  const std::uint64_t snapshot = options.snapshot == 0 ? newest : options.snapshot;
  const Result<std::unique_ptr<Engine>> engine =
      Engine::open(options.store, {.arena = std::move(*arena), .snapshot = snapshot});
  if (!engine.ok()) {
    return data_failure(engine.status());
  }
  return print_parts(PartTable(parts_of(**engine, snapshot)), *format);
}

ExitCode run_stats(const StatsOptions& options) {
  const std::optional<Failure> failure = stats(options);
  return failure ? report_failure(*failure) : ExitCode::kDone;
}

}  // namespace

Command add_stats(CLI::App& program) {
  auto options = std::make_shared<StatsOptions>();
  CLI::App* app =
      program.add_subcommand("stats", "What a store holds, and how much memory it takes");
  app->footer(
      "Examples:\n"
      "  quintile stats --store shop.store\n"
      "  quintile stats --store shop.store --format json");
  app->add_option("--store", options->store, "Folder of the store")->required()->type_name("DIR");
  app->add_option("--snapshot", options->snapshot, "The number of an older snapshot")
      ->type_name("N");
  app->add_option("--format", options->format,
                  "table, csv, json or ndjson (default: csv; on a terminal a table)")
      ->type_name("FORMAT");
  app->add_option("--threads", options->threads, "Threads to open with (default: one per core)")
      ->check(CLI::Range(1, 1024))
      ->type_name("N");
  return {app, [options] { return run_stats(*options); }};
}

}  // namespace quintile::cli
