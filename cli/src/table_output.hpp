// Where the one table that a command gives goes: --format, --out.
#pragma once

#include <optional>
#include <string>

#include "command.hpp"
#include "table.hpp"

namespace CLI {
class App;
}

namespace quintile::cli {

struct TableOutput {
  std::string format;  // --format
  std::string out;     // --out; empty or "-": standard output
};

// Adds --format and --out.
void add_table_output(CLI::App& command, TableOutput& output);

// The format asked for; else that of the suffix of --out; else a table on a terminal and csv
// elsewhere. A failure if there is none of that name.
[[nodiscard]] std::optional<Failure> find_format(const TableOutput& output, Format& format);

// Writes the table; a file is either complete or not there.
[[nodiscard]] std::optional<Failure> write_table(const Table& table, const TableOutput& output);

}  // namespace quintile::cli
