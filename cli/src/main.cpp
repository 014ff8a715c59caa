// The program `quintile`: parse the command line, run one command, turn its outcome into an exit
// code.
#include <array>
#include <cstdio>
#include <exception>
#include <string>

#include <CLI/CLI.hpp>

#include "command.hpp"
#include "output_file.hpp"
#include "version.hpp"

namespace quintile::cli {

ExitCode report_failure(const Failure& failure) {
  std::fprintf(stderr, "quintile: %s\n", failure.message.c_str());
  return failure.code;
}

namespace {

constexpr const char* kFooter =
    "Examples:\n"
    "  quintile generate --contacts 10000 --seed 7 --out shop\n"
    "  quintile rfm --orders orders.csv --as-of 2026-01-31 --out scores.csv\n"
    "  quintile rfm --orders orders.csv --as-of 2026-01-31 --summary --report page.html\n"
    "\n"
    "Exit codes: 0 done, 1 something is wrong with the data, 2 something is wrong with the "
    "request.\n"
    "Environment: QUINTILE_ISA=scalar|sse42|avx2|avx512 forces an instruction set.";

// CLI11 has one code per kind of error; scripts need to know only that the request was wrong.
ExitCode usage_error(CLI::App& program, const CLI::ParseError& error) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
    program.exit(error);  // --help and --version print to standard output
    return ExitCode::kDone;
  }
  std::fprintf(stderr, "quintile: %s\nTry 'quintile --help' or 'quintile COMMAND --help'.\n",
               error.what());
  return ExitCode::kUsage;
}

ExitCode run_program(int argc, char** argv) {
  if (const std::optional<Failure> failure = check_instruction_set()) {
    return report_failure(*failure);
  }
  CLI::App program{"quintile: exact RFM segmentation of customers from their orders, in memory",
                   "quintile"};
  program.footer(kFooter);
  program.set_version_flag("--version", version_text, "Print version, compiler, instruction set");
  program.require_subcommand(1);
  const std::array<Command, 2> commands = {add_generate(program), add_rfm(program)};
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return usage_error(program, error);
  }
  for (const Command& command : commands) {
    if (command.app->parsed()) {
      return command.run();
    }
  }
  return ExitCode::kUsage;
}

}  // namespace
}  // namespace quintile::cli

int main(int argc, char** argv) {
  using quintile::cli::ExitCode;
  quintile::cli::remove_unfinished_files_on_signals();
  try {
    return static_cast<int>(quintile::cli::run_program(argc, argv));
  } catch (const std::exception& error) {
    quintile::cli::remove_unfinished_files();
    return static_cast<int>(quintile::cli::report_failure({ExitCode::kData, error.what()}));
  }
}
