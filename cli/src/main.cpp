// The program `quintile`: parse the command line, run one command, turn its outcome into an exit
// code.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <exception>
#include <fcntl.h>
#include <optional>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

#include <CLI/CLI.hpp>

#include "command.hpp"
#include "output_file.hpp"
#include "version.hpp"
#include <quintile/closest_name.hpp>

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

// " (--ordres: did you mean --orders?)" for the first word that looks like an option of the command
// and is none.
std::string option_hint(const CLI::App& app, int argc, char** argv) {
  std::vector<std::string> known;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      known.push_back("--" + name);
    }
  }
  const std::vector<std::string_view> views(known.begin(), known.end());
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = std::string_view(argv[i]).substr(0, std::strcspn(argv[i], "="));
    if (!word.starts_with("--") || std::find(views.begin(), views.end(), word) != views.end()) {
      continue;
    }
    const std::string_view closest = closest_name(word, views);
    return closest.empty()
               ? std::string()
               : " (" + std::string(word) + ": did you mean " + std::string(closest) + "?)";
  }
  return {};
}

// CLI11 has one code per kind of error; scripts need to know only that the request was wrong.
ExitCode usage_error(CLI::App& program, const CLI::ParseError& error, const std::string& hint) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
    program.exit(error);  // --help and --version print to standard output
    return ExitCode::kDone;
  }
  std::fprintf(stderr, "quintile: %s%s\nTry 'quintile --help' or 'quintile COMMAND --help'.\n",
               error.what(), hint.c_str());
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
    const auto given = std::find_if(commands.begin(), commands.end(),
                                    [](const Command& each) { return each.app->parsed(); });
    const CLI::App& app = given == commands.end() ? program : *given->app;
    return usage_error(program, error, option_hint(app, argc, argv));
  }
  for (const Command& command : commands) {
    if (command.app->parsed()) {
      return command.run();
    }
  }
  return ExitCode::kUsage;
}

// A standard stream that is closed at the start would lend its number to the first file opened, and
// messages would go into that file. Results that are sent to a closed one are still a failure: it
// is opened for the other direction.
void open_closed_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) < 0) {
      (void)!::open("/dev/null", stream == STDIN_FILENO
                                     ? O_WRONLY
                                     : O_RDONLY);  // takes the lowest free number: this one
    }
  }
}

}  // namespace
}  // namespace quintile::cli

int main(int argc, char** argv) {
  using quintile::cli::ExitCode;
  quintile::cli::open_closed_streams();
  quintile::cli::remove_unfinished_files_on_signals();
  try {
    return static_cast<int>(quintile::cli::run_program(argc, argv));
  } catch (const std::exception& error) {
    quintile::cli::remove_unfinished_files();
    return static_cast<int>(quintile::cli::report_failure({ExitCode::kData, error.what()}));
  }
}
