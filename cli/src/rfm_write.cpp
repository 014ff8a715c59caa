#include <cmath>
#include <deque>
#include <filesystem>

#include "grid_text.hpp"
#include "number_text.hpp"
#include "report/page.hpp"
#include "report_data.hpp"
#include "result_summary.hpp"
#include "rfm_rows.hpp"
#include "rfm_run.hpp"
#include "table_stream.hpp"
#include "transition_table.hpp"
#include <quintile/arrow_abi.h>

namespace quintile::cli {
namespace {

// Parquet is made by the loader, which writes to a name: here the unfinished one.
Outcome write_parquet(const RfmRun& run, const Table& table, OutputFile& file) {
  ArrowArrayStream stream{};
  open_table_stream(table, &stream);
  return run.loader.write(file.unfinished_path(), "parquet", &stream);
}

// To standard output by way of a file, since a Parquet file is not written front to back.
Outcome print_parquet(const RfmRun& run, const Table& table, OutputFile& output) {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::temp_directory_path(error);
  OutputFile file;
  if (Outcome failure = file.reserve((folder / "quintile-rows.parquet").string())) {
    return failure;
  }
  if (Outcome failure = write_parquet(run, table, file)) {
    return failure;
  }
  return output.copy_from(file.unfinished_path());
}

Outcome write_table(const RfmRun& run, const Table& table, Format format, const std::string& path,
                    OutputFile& file) {
  if (format == Format::kParquet) {
    if (Outcome failure = file.reserve(path)) {
      return failure;
    }
    return write_parquet(run, table, file);
  }
  if (Outcome failure = file.open(path)) {
    return failure;
  }
  write_text(table, format, file);
  return std::nullopt;
}

Outcome print_table(const RfmRun& run, const Table& table, Format format, OutputFile& output) {
  if (format == Format::kParquet) {
    return print_parquet(run, table, output);
  }
  write_text(table, format, output);
  return std::nullopt;
}

Outcome write_rows(RfmRun& run, std::deque<OutputFile>& files) {
  run.progress.start("write rows to " + run.options.out);
  const RfmRows rows(*run.generation, run.result(), run.request.decimals);
  if (Outcome failure =
          write_table(run, rows, run.request.rows_format, run.options.out, files.emplace_back())) {
    return failure;
  }
  run.progress.finish(counted(rows.row_count(), "row", "rows"));
  return std::nullopt;
}

Outcome write_report(RfmRun& run, const Summary& summary, std::deque<OutputFile>& files) {
  run.progress.start("write report " + run.options.report);
  OutputFile& file = files.emplace_back();
  if (Outcome failure = file.open(run.options.report)) {
    return failure;
  }
  report::PageData data;
  if (Outcome failure = fill_report_data(run, summary, data)) {
    return failure;
  }
  file.write(report::report_page(data));
  run.progress.finish(grouped(file.bytes_written()) + " bytes");
  return std::nullopt;
}

Outcome write_transitions(RfmRun& run, std::deque<OutputFile>& files) {
  const Result<RfmComparison> comparison = run.result().compare(*run.earlier->rfm(run.model->name));
  if (!comparison.ok()) {
    return data_failure(comparison.status());
  }
  return write_table(run, TransitionTable(*comparison), format_of_suffix(run.options.transitions),
                     run.options.transitions, files.emplace_back());
}

Outcome print_results(RfmRun& run, const Summary& summary) {
  OutputFile output;
  output.open_standard_output();
  if (run.request.rows_to_output) {
    const RfmRows rows(*run.generation, run.result(), run.request.decimals);
    if (Outcome failure = print_table(run, rows, run.request.rows_format, output)) {
      return failure;
    }
  }
  if (run.options.summary && run.request.summary_format == Format::kTable) {
    write_summary_for_people(summary, output);
  } else if (run.options.summary) {
    if (Outcome failure =
            print_table(run, SummaryTable(summary), run.request.summary_format, output)) {
      return failure;
    }
  }
  if (run.options.grid) {
    output.write(run.options.summary ? "\n" : "");
    output.write(grid_text(*run.model, run.result(), output_shows_colours()));
  }
  return output.finish();
}

// Every file under its unfinished name, complete and synced.
Outcome write_files(RfmRun& run, const Summary& summary, std::deque<OutputFile>& files) {
  if (run.request.rows_to_file) {
    if (Outcome failure = write_rows(run, files)) {
      return failure;
    }
  }
  if (!run.options.report.empty()) {
    if (Outcome failure = write_report(run, summary, files)) {
      return failure;
    }
  }
  if (!run.options.transitions.empty()) {
    if (Outcome failure = write_transitions(run, files)) {
      return failure;
    }
  }
  for (OutputFile& file : files) {
    if (Outcome failure = file.finish()) {
      return failure;
    }
  }
  return run.rejects.finish();
}

// Give the files their names, all or none.
Outcome name_files(RfmRun& run, std::deque<OutputFile>& files) {
  Outcome failure;
  for (std::size_t i = 0; i < files.size() && !failure; ++i) {
    failure = files[i].commit();
  }
  failure = failure ? failure : run.rejects.commit();
  if (failure) {
    for (OutputFile& file : files) {
      file.withdraw();
    }
  }
  return failure;
}

std::string rate_text(std::uint64_t contacts, double seconds) {
  const double per_second = seconds > 0 ? static_cast<double>(contacts) / seconds : 0;
  return shown_seconds(seconds) + ", " +
         short_amount(static_cast<std::int64_t>(std::llround(per_second)), 0) + " contacts/s";
}

void tell_timings(RfmRun& run) {
  const std::uint64_t contacts = run.result().listed_count();
  run.progress.note(counted(contacts, "contact", "contacts") + ":");
  run.progress.note("  end to end, files read and written:  " +
                    rate_text(contacts, run.progress.total_seconds()));
  run.progress.note("  recompute alone, orders in memory:   " +
                    rate_text(contacts, run.recompute_seconds));
}

}  // namespace

Outcome write_results(RfmRun& run) {
  const Summary summary =
      summarise(run.result(), reachability_of(*run.model, run.result()), run.request.decimals);
  std::deque<OutputFile> files;
  if (Outcome failure = write_files(run, summary, files)) {
    return failure;
  }
  if (Outcome failure = print_results(run, summary)) {
    return failure;
  }
  if (Outcome failure = name_files(run, files)) {
    return failure;
  }
  if (run.options.timings) {
    tell_timings(run);
  }
  return std::nullopt;
}

}  // namespace quintile::cli
