#include "table_output.hpp"

#include <filesystem>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "loader_library.hpp"
#include "output_file.hpp"
#include "table_stream.hpp"
#include <quintile/arrow_abi.h>

namespace quintile::cli {
namespace {

bool to_standard_output(const TableOutput& output) {
  return output.out.empty() || output.out == "-";
}

// Parquet is made by the loader, which writes to a name: here the unfinished one.
std::optional<Failure> write_parquet(const Table& table, const OutputFile& file) {
  LoaderLibrary loader;
  if (auto failure = loader.load()) {
    return failure;
  }
  ArrowArrayStream stream{};
  open_table_stream(table, &stream);
  return loader.write(file.unfinished_path(), "parquet", &stream);
}

std::optional<Failure> print_parquet(const Table& table) {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::temp_directory_path(error);
  OutputFile file;
  if (auto failure = file.reserve((folder / "quintile-rows.parquet").string())) {
    return failure;
  }
  if (auto failure = write_parquet(table, file)) {
    return failure;
  }
  OutputFile output;
  output.open_standard_output();
  if (auto failure = output.copy_from(file.unfinished_path())) {
    return failure;
  }
  return output.finish();
}

}  // namespace

void add_table_output(CLI::App& command, TableOutput& output) {
  command.add_option("--format", output.format, "table, csv, json, ndjson or parquet");
  command.add_option("--out", output.out, "File to write, - for standard output");
}

std::optional<Failure> find_format(const TableOutput& output, Format& format) {
  if (!output.format.empty()) {
    const std::optional<Format> given = format_named(output.format);
    if (!given) {
      return Failure{
          ExitCode::kUsage,
          "--format: expected table, csv, json, ndjson or parquet, got '" + output.format + "'"};
    }
    format = *given;
    return std::nullopt;
  }
  if (!to_standard_output(output)) {
    format = format_of_suffix(output.out);
  } else {
    format = ::isatty(STDOUT_FILENO) == 1 ? Format::kTable : Format::kCsv;
  }
  return std::nullopt;
}

std::optional<Failure> write_table(const Table& table, const TableOutput& output) {
  Format format = Format::kCsv;
  if (auto failure = find_format(output, format)) {
    return failure;
  }
  if (format == Format::kParquet && to_standard_output(output)) {
    return print_parquet(table);
  }
  OutputFile file;
  if (to_standard_output(output)) {
    file.open_standard_output();
  } else if (auto failure =
                 format == Format::kParquet ? file.reserve(output.out) : file.open(output.out)) {
    return failure;
  }
  if (format == Format::kParquet) {
    if (auto failure = write_parquet(table, file)) {
      return failure;
    }
  } else {
    write_text(table, format, file);
  }
  return file.commit();
}

}  // namespace quintile::cli
